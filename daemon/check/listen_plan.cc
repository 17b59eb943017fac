#include "daemon/check/listen_plan.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/config_source.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::SocketAddress;

template <typename T>
T as(const SocketAddress& address) {
    T specific{};
    std::memcpy(&specific, address.get(), std::min<std::size_t>(sizeof specific, address.size()));
    return specific;
}

// The IPv4 address that an IPv6 one contains (RFC 4291, section 2.5.5.2), else the same one.
SocketAddress unmapped(const SocketAddress& address) {
    if (address.family() != AF_INET6) return address;
    const auto wide = as<sockaddr_in6>(address);
    if (!IN6_IS_ADDR_V4MAPPED(&wide.sin6_addr)) return address;
    sockaddr_in plain{};
    plain.sin_family = AF_INET;
    plain.sin_port = wide.sin6_port;
    std::memcpy(&plain.sin_addr, &wide.sin6_addr.s6_addr[12], sizeof plain.sin_addr);
    return {reinterpret_cast<const sockaddr*>(&plain), sizeof plain};  // the sockets API's own cast
}

bool is_wildcard(const SocketAddress& address) {
    if (address.family() == AF_INET) return as<sockaddr_in>(address).sin_addr.s_addr == htonl(INADDR_ANY);
    const auto wide = as<sockaddr_in6>(address);
    return address.family() == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&wide.sin6_addr);
}

// Where an address of the command line is, as quick_config() writes it.
constexpr std::string_view kBindOption = "--bind";

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

// All addresses that `text` stands for: itself, or those of the name in it.
std::expected<std::vector<SocketAddress>, std::string> resolve(const std::string& text) {
    auto address = SocketAddress::parse(text);
    if (address) return std::vector{unmapped(*address)};
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || text.starts_with('[')) return std::unexpected(address.error());
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(text.substr(0, colon).c_str(), text.substr(colon + 1).c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, FreeAddresses> owner(found);
    if (failure != 0) return std::unexpected("cannot look up " + text + ": " + ::gai_strerror(failure));
    std::vector<SocketAddress> addresses;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next)
        addresses.push_back(unmapped(SocketAddress(each->ai_addr, each->ai_addrlen)));
    return addresses;
}

// Two paths of one socket: the same name in the same directory, however that is reached.
bool same_place(const std::string& a, const std::string& b) {
    const std::filesystem::path left(a);
    const std::filesystem::path right(b);
    if (left.filename() != right.filename()) return false;
    struct stat one {};
    struct stat other {};
    if (::stat(left.parent_path().c_str(), &one) != 0 || ::stat(right.parent_path().c_str(), &other) != 0)
        return false;
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// Whether a socket on `one` takes what is sent to `other`. IPv6 sockets take IPv6 alone (listen.h).
bool covers(const SocketAddress& one, const SocketAddress& other) {
    if (one == other) return true;
    if (is_wildcard(one) && one.family() == other.family() && one.port() == other.port()) return true;
    const bool paths = !one.path().empty() && !other.path().empty();
    return paths && same_place(one.path(), other.path());
}

// Nobody wrote it: neither in a file nor on the command line.
bool is_default(const ListenConfig& listen) {
    return listen.where.line == 0 && listen.where.file != kBindOption;
}

std::string on_line(const ListenConfig& listen) {
    return listen.where.line == 0 ? "" : fmt::format(" on line {}", listen.where.line);
}

// Why `extra` has no socket of its own: `taker` has it.
ConfigError explain_covered(const ListenPlan::Socket& extra, const ListenPlan::Socket& taker) {
    const bool within = extra.address.family() != AF_UNIX && extra.address != taker.address;
    ConfigError warning;
    warning.where = extra.config.where;
    warning.message =
        fmt::format("{} is {} {}{}, which serves it", in_quotes(extra.config.address),
                    within ? "within" : "the same as", in_quotes(taker.config.address), on_line(taker.config));
    warning.hint = "leave it out";
    warning.source = read_excerpt(warning.where);
    warning.kind = ConfigError::Kind::warning;
    if (extra.config.proxy_protocol != taker.config.proxy_protocol) {
        warning.kind = ConfigError::Kind::error;
        warning.message += " and has another 'proxy_protocol'";
        warning.hint = "leave one of them out, or give both the same";
    }
    return warning;
}

// The socket that makes number `index` needless: an earlier one, or one for more addresses.
const ListenPlan::Socket* find_taker(const std::vector<ListenPlan::Socket>& all, std::size_t index) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == index || !covers(all[i].address, all[index].address)) continue;
        if (i < index || !covers(all[index].address, all[i].address)) return &all[i];
    }
    return nullptr;
}

}  // namespace

ListenPlan ListenPlan::of(const std::vector<ListenConfig>& listen) {
    ListenPlan plan;
    std::vector<Socket> all;
    for (const ListenConfig& wanted : listen) {
        const auto addresses = resolve(wanted.address);
        if (!addresses) plan.problems.push_back({wanted.where, addresses.error(), {}, read_excerpt(wanted.where)});
        for (const SocketAddress& address : addresses.value_or(std::vector<SocketAddress>{})) {
            all.push_back({address, wanted, is_default(wanted) || addresses->size() > 1});
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Socket* taker = find_taker(all, i);
        if (taker == nullptr) {
            plan.sockets.push_back(all[i]);
        } else if (taker->config.where.line != all[i].config.where.line ||
                   taker->config.where.column != all[i].config.where.column) {
            plan.problems.push_back(explain_covered(all[i], *taker));
        }
    }
    return plan;
}

}  // namespace basehttpd
