#include "daemon/config/syslog_address.h"

#include <sys/un.h>

#include <algorithm>

#include <fmt/format.h>

#include "daemon/config/config_error.h"

namespace basehttpd {
namespace {

using Transport = SyslogAddress::Transport;

std::expected<SyslogAddress, ValueProblem> parse_path(std::string_view path) {
    constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() > kMost) {
        return std::unexpected(ValueProblem{
            fmt::format("too long for a socket: its path has {} bytes, {} are possible", path.size(), kMost)});
    }
    SyslogAddress address;
    address.path = path;
    return address;
}

// The hint of one that lacks the port is for addresses to listen on; here there is a port that is usual.
std::expected<SyslogAddress, ValueProblem> parse_host_and_port(std::string_view text, Transport transport) {
    const bool bare = text.starts_with('[') ? text.ends_with(']') : !text.contains(':');
    const SyslogAddress usual;
    const auto parsed = parse_listen_address(bare ? fmt::format("{}:{}", text, usual.port) : std::string(text));
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->kind == ListenAddress::Kind::unix_path)
        return std::unexpected(ValueProblem{"not an address", "write the path of a socket alone"});
    return SyslogAddress{transport, {}, parsed->host, parsed->port};
}

}  // namespace

std::expected<SyslogAddress, ValueProblem> parse_syslog_address(std::string_view text) {
    constexpr std::string_view kUdp = "udp:";
    constexpr std::string_view kTcp = "tcp:";
    if (text.starts_with('/')) return parse_path(text);
    if (text.starts_with(kUdp)) return parse_host_and_port(text.substr(kUdp.size()), Transport::udp);
    if (text.starts_with(kTcp)) return parse_host_and_port(text.substr(kTcp.size()), Transport::tcp);
    return std::unexpected(
        ValueProblem{"not a place for syslog messages", "write /dev/log, /PATH, udp:HOST:PORT or tcp:HOST:PORT"});
}

std::string format_syslog_address(const SyslogAddress& address) {
    if (address.transport == Transport::unix_socket) return address.path;
    const char* transport = address.transport == Transport::udp ? "udp" : "tcp";
    const bool ipv6 = address.host.contains(':');
    return fmt::format("{}:{}{}{}:{}", transport, ipv6 ? "[" : "", address.host, ipv6 ? "]" : "", address.port);
}

std::expected<std::string, ValueProblem> parse_syslog_tag(std::string_view text) {
    constexpr std::size_t kMost = 32;
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("-._/").contains(c);
    };
    if (text.size() <= kMost && std::ranges::all_of(text, allowed)) return std::string(text);
    return std::unexpected(
        ValueProblem{"not a tag", fmt::format("at most {} letters, digits, '-', '.', '_' and '/' make one", kMost)});
}

}  // namespace basehttpd
