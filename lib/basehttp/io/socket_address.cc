#include "basehttp/io/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <optional>

namespace basehttp {
namespace {

constexpr std::size_t kPathOffset = offsetof(sockaddr_un, sun_path);

template <typename T>
T as(const sockaddr_storage& storage) {
    T address;
    std::memcpy(&address, &storage, sizeof address);
    return address;
}

template <typename T>
SocketAddress from(const T& address) {
    return {reinterpret_cast<const sockaddr*>(&address), sizeof address};  // the sockets API's own cast
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::expected<SocketAddress, std::string> parse_unix(std::string_view path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!path.starts_with('/')) return std::unexpected("a unix socket's path must start with '/'");
    if (path.size() >= sizeof address.sun_path) {
        return std::unexpected("a unix socket's path has at most " + std::to_string(sizeof address.sun_path - 1) +
                               " bytes");
    }
    std::ranges::copy(path, address.sun_path);
    return from(address);
}

std::expected<SocketAddress, std::string> parse_inet(const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (host.empty() || host == "*") {
        address.sin_addr.s_addr = htonl(INADDR_ANY);
    } else if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
        return std::unexpected("'" + host + "' is not an IPv4 address; names are not looked up");
    }
    return from(address);
}

std::expected<SocketAddress, std::string> parse_inet6(const std::string& host, std::uint16_t port) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    if (::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) != 1) {
        return std::unexpected("'" + host + "' is not an IPv6 address");
    }
    return from(address);
}

// `@name`: the first byte of such a name is a zero, and any byte may follow (unix(7)).
std::string abstract_name(const SocketAddress& address) {
    if (address.family() != AF_UNIX || address.size() <= kPathOffset) return {};
    sockaddr_un unix_address{};
    std::memcpy(&unix_address, address.get(), address.size());
    std::string name(unix_address.sun_path, address.size() - kPathOffset);
    for (char& byte : name) {
        if (byte <= ' ' || byte > '~') byte = '?';
    }
    name.front() = '@';
    return name;
}

}  // namespace

SocketAddress::SocketAddress(const sockaddr* address, socklen_t size)
    : size_(std::min<socklen_t>(size, sizeof storage_)) {
    std::memcpy(&storage_, address, size_);
}

std::expected<SocketAddress, std::string> SocketAddress::parse(std::string_view text) {
    constexpr std::string_view kUnix = "unix:";
    if (text.starts_with(kUnix)) return parse_unix(text.substr(kUnix.size()));
    const auto colon = text.rfind(':');
    const auto port = colon == std::string_view::npos ? std::nullopt : parse_port(text.substr(colon + 1));
    if (!port) return std::unexpected("an address is host:port, [v6]:port or unix:/path, the port 0 to 65535");
    const std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        return parse_inet6(std::string(host.substr(1, host.size() - 2)), *port);
    }
    if (host.find(':') != std::string_view::npos) return std::unexpected("write IPv6 addresses in brackets: [::]:80");
    return parse_inet(std::string(host), *port);
}

SocketAddress SocketAddress::of_socket(int socket) {
    SocketAddress address;
    address.size_ = sizeof address.storage_;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address.storage_), &address.size_) < 0) return {};
    return address;
}

std::string SocketAddress::text() const {
    switch (family()) {
        case AF_INET:
            return host() + ":" + std::to_string(port());
        case AF_INET6:
            return "[" + host() + "]:" + std::to_string(port());
        default:
            return "unix:" + (path().empty() ? abstract_name(*this) : path());
    }
}

std::string SocketAddress::host() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (family() == AF_INET) {
        const auto address = as<sockaddr_in>(storage_).sin_addr;
        ::inet_ntop(AF_INET, &address, text.data(), text.size());
    } else if (family() == AF_INET6) {
        const auto address = as<sockaddr_in6>(storage_).sin6_addr;
        ::inet_ntop(AF_INET6, &address, text.data(), text.size());
    } else {
        return "unix:";
    }
    return text.data();
}

bool SocketAddress::is_unspecified() const {
    if (family() == AF_INET) return as<sockaddr_in>(storage_).sin_addr.s_addr == htonl(INADDR_ANY);
    if (family() != AF_INET6) return false;
    const auto address = as<sockaddr_in6>(storage_);
    return IN6_IS_ADDR_UNSPECIFIED(&address.sin6_addr);
}

std::uint16_t SocketAddress::port() const {
    if (family() == AF_INET) return ntohs(as<sockaddr_in>(storage_).sin_port);
    if (family() == AF_INET6) return ntohs(as<sockaddr_in6>(storage_).sin6_port);
    return 0;
}

const sockaddr* SocketAddress::get() const {
    return reinterpret_cast<const sockaddr*>(&storage_);
}

std::string SocketAddress::path() const {
    if (family() != AF_UNIX || size_ <= kPathOffset) return {};
    const auto address = as<sockaddr_un>(storage_);
    return {address.sun_path, ::strnlen(address.sun_path, size_ - kPathOffset)};
}

}  // namespace basehttp
