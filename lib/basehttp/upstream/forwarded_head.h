// The head of a request as it goes on to another server: written from what was parsed, never copied, so that both
// servers understand the same (RFC 9110, 7.6; RFC 7239). Pure.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/io/client_address.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/request.h"

namespace basehttp {

struct ForwardedRequest {
    const Request& request;
    BodyFraming content;    ///< how it goes on is how it came
    ClientAddress client;   ///< who has sent it
    std::string_view host;  ///< the Host to send
};

/// Appends request line and fields. Left out are the fields of the client's connection, those that only this server
/// can know (X-Forwarded-*, Forwarded, X-Real-IP), which are written anew, and all that a program may take for one of
/// these, such as `X_Forwarded_For`, or for the variable HTTP_PROXY.
void append_forwarded_head(std::string& out, const ForwardedRequest& forwarded);

/// Whether `name` is for one connection alone, by itself or because Connection names it (RFC 9110, 7.6.1).
bool is_hop_by_hop(const Fields& fields, std::string_view name);

/// Whether a field called `name`, or something that a program takes for that, is for this server alone to say.
bool is_written_anew(std::string_view name);

}  // namespace basehttp
