// Host: which host a request is for, and what may stand in that place (RFC 9110, 7.2; RFC 9112, 3.2; RFC
// 3986, 3.2.2).
#pragma once

#include <expected>
#include <string_view>

#include "basehttp/protocol/refusal.h"
#include "basehttp/protocol/request.h"

namespace basehttp {

/// Sets `request.host` from its target and fields, or says why the request cannot be served.
std::expected<void, Refusal> decide_host(Request& request);

/// Whether `text` is `uri-host [ ":" port ]`: a name, an IPv4 address or a bracketed IPv6 address.
bool is_host_and_port(std::string_view text);

/// The part of a valid host that names it: without the port, with the brackets of an IPv6 address.
std::string_view host_without_port(std::string_view host);

}  // namespace basehttp
