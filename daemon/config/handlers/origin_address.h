// The address of a server that requests are passed on to, as the configuration has it. Runs in the master and in
// workers.
#pragma once

#include <expected>
#include <string_view>

#include "basehttp/io/socket_address.h"
#include "daemon/config/config_value.h"

namespace basehttpd {

/// Reads `http://ADDRESS[:PORT]`, with port 80 where it is left out, or `unix:/PATH`.
std::expected<basehttp::SocketAddress, ValueProblem> parse_http_origin(std::string_view text);

/// Reads `ADDRESS:PORT` or `unix:/PATH`.
std::expected<basehttp::SocketAddress, ValueProblem> parse_fastcgi_origin(std::string_view text);

}  // namespace basehttpd
