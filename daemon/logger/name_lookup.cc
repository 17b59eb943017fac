#include "daemon/logger/name_lookup.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

using basehttp::ClientAddress;
using Family = ClientAddress::Family;

struct SocketName {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

SocketName socket_name(const ClientAddress& address) {
    SocketName name;
    if (address.family == Family::ipv4) {
        auto* inet = reinterpret_cast<sockaddr_in*>(&name.storage);
        inet->sin_family = AF_INET;
        std::memcpy(&inet->sin_addr, address.bytes.data(), sizeof inet->sin_addr);
        name.size = sizeof(sockaddr_in);
    } else {
        auto* inet6 = reinterpret_cast<sockaddr_in6*>(&name.storage);
        inet6->sin6_family = AF_INET6;
        std::memcpy(&inet6->sin6_addr, address.bytes.data(), sizeof inet6->sin6_addr);
        name.size = sizeof(sockaddr_in6);
    }
    return name;
}

bool is_of(const addrinfo& found, const ClientAddress& address) {
    if (address.family == Family::ipv4) {
        const auto* inet = reinterpret_cast<const sockaddr_in*>(found.ai_addr);
        return std::memcmp(&inet->sin_addr, address.bytes.data(), sizeof inet->sin_addr) == 0;
    }
    const auto* inet6 = reinterpret_cast<const sockaddr_in6*>(found.ai_addr);
    return std::memcmp(&inet6->sin6_addr, address.bytes.data(), sizeof inet6->sin6_addr) == 0;
}

// Whether the name's own addresses have this one among them.
bool confirms(const std::string& name, const ClientAddress& address) {
    addrinfo hints{};
    hints.ai_family = address.family == Family::ipv4 ? AF_INET : AF_INET6;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &hints, &list) != 0) return false;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, ::freeaddrinfo);
    for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
        if (is_of(*found, address)) return true;
    }
    return false;
}

bool is_label_char(char c) {
    const char lower = basehttp::to_lower(c);
    return (lower >= 'a' && lower <= 'z') || basehttp::is_digit(c) || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
    constexpr std::size_t kLongest = 63;
    return !label.empty() && label.size() <= kLongest && !label.starts_with('-') && !label.ends_with('-') &&
           std::ranges::all_of(label, is_label_char);
}

}  // namespace

bool is_host_name(std::string_view name) {
    constexpr std::size_t kLongest = 253;
    if (name.size() > kLongest) return false;
    for (;;) {
        const std::size_t dot = name.find('.');
        const std::string_view label = name.substr(0, dot);
        if (!is_label(label)) return false;
        // What ends in a number could be read as an address.
        if (dot == std::string_view::npos) return !std::ranges::all_of(label, basehttp::is_digit);
        name.remove_prefix(dot + 1);
    }
}

std::string look_up_name(const ClientAddress& address) {
    if (address.family == Family::none) return {};
    const SocketName socket = socket_name(address);
    std::array<char, NI_MAXHOST> host{};
    const auto* name = reinterpret_cast<const sockaddr*>(&socket.storage);
    if (::getnameinfo(name, socket.size, host.data(), host.size(), nullptr, 0, NI_NAMEREQD) != 0) return {};
    std::string found(host.data());
    if (found.ends_with('.')) found.pop_back();
    std::ranges::transform(found, found.begin(), basehttp::to_lower);
    return is_host_name(found) && confirms(found, address) ? found : std::string();
}

}  // namespace basehttpd
