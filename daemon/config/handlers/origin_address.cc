#include "daemon/config/handlers/origin_address.h"

#include <string>

#include <fmt/format.h>

namespace basehttpd {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kUnix = "unix:";

// Whether there is a port behind the host, whose IPv6 form has colons of its own.
bool has_port(std::string_view authority) {
    const auto colon = authority.rfind(':');
    return colon != std::string_view::npos && (colon == 0 || !authority.ends_with(']'));
}

std::unexpected<ValueProblem> problem(std::string message, std::string hint) {
    return std::unexpected(ValueProblem{std::move(message), std::move(hint)});
}

// The address of one server. `scheme` is what stands before it.
std::expected<basehttp::SocketAddress, ValueProblem> parse_one(const std::string& address, std::string_view scheme) {
    constexpr std::string_view kLocal = "localhost";
    if (address.starts_with(kLocal)) {
        return problem("has a name, and names are not looked up",
                       fmt::format("write {}127.0.0.1{}", scheme, address.substr(kLocal.size())));
    }
    const auto parsed = basehttp::SocketAddress::parse(address);
    if (!parsed) return problem("is not an address: " + parsed.error(), "");
    if (!address.starts_with(kUnix) && (parsed->is_unspecified() || parsed->port() == 0))
        return problem("is not the address of one server", fmt::format("write {}127.0.0.1:9000", scheme));
    return *parsed;
}

}  // namespace

std::expected<basehttp::SocketAddress, ValueProblem> parse_http_origin(std::string_view text) {
    if (text.starts_with("https://"))
        return problem("is reached by TLS, which this server does not speak", "write http://ADDRESS:PORT");
    const bool is_unix = text.starts_with(kUnix);
    if (!is_unix && !text.starts_with(kHttp))
        return problem("must begin with 'http://' or 'unix:'", fmt::format("write http://{}", text));
    std::string address(is_unix ? text : text.substr(kHttp.size()));
    if (!is_unix && address.ends_with('/')) address.pop_back();
    if (!is_unix && address.find_first_of("/?#@") != std::string::npos)
        return problem("has more than an address and a port", "requests keep the path that they have");
    if (!is_unix && !has_port(address)) address += ":80";
    return parse_one(address, kHttp);
}

std::expected<basehttp::SocketAddress, ValueProblem> parse_fastcgi_origin(std::string_view text) {
    if (text.contains("://"))
        return problem("has a scheme, which FastCGI has not", "write ADDRESS:PORT or unix:/PATH");
    if (text.starts_with('/')) return problem("is a path without 'unix:'", fmt::format("write unix:{}", text));
    return parse_one(std::string(text), "");
}

}  // namespace basehttpd
