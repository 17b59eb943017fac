// Credentials that a client sends with a request (RFC 7617, Basic). Whether they are right is the caller's to say.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "basehttp/protocol/fields.h"

namespace basehttp {

struct Credentials {
    std::string user;
    std::string password;
};

/// The credentials of `Authorization: Basic …`; nothing if the field is missing, is given twice, has another scheme
/// or is not well-formed. Control bytes are not well-formed (RFC 7617, section 2).
std::optional<Credentials> basic_credentials(const Fields& fields);

/// Whether two secrets are equal. The time that it takes tells only how long they are.
bool same_secret(std::string_view given, std::string_view known);

}  // namespace basehttp
