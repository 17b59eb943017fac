#include "daemon/master/listeners.h"

#include <fcntl.h>
#include <netdb.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "basehttp/io/listen.h"
#include "daemon/master/port_holder.h"

namespace basehttpd {
namespace {

using basehttp::SocketAddress;
using basehttp::UniqueFd;

std::string explain(const SocketAddress& address, const basehttp::IoError& error) {
    std::string message = "cannot listen on " + address.text() + ": " + error.text();
    if (error.code == EADDRINUSE) {
        const auto holder = find_port_holder(address);
        message += holder ? "; " + *holder + " holds it" : "; `ss -ltnp` shows who holds it";
    } else if (error.code == EACCES) {
        message += "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
    } else if (error.code == EADDRNOTAVAIL) {
        message += "; no interface of this machine has that address";
    }
    return message;
}

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

// All addresses that `text` stands for: itself, or those of the name in it.
std::expected<std::vector<SocketAddress>, std::string> resolve(const std::string& text) {
    auto address = SocketAddress::parse(text);
    if (address) return std::vector{*address};
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
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        addresses.emplace_back(each->ai_addr, each->ai_addrlen);
    }
    return addresses;
}

// The name of a socket that the service manager keeps: no colon may be in it.
constexpr std::string_view kKeptPrefix = "kept-";

std::string kept_name(const SocketAddress& address) {
    std::string name = std::string(kKeptPrefix) + address.text();
    std::ranges::replace(name, ':', '_');
    return name;
}

UniqueFd duplicate(int fd) {
    return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

}  // namespace

std::expected<Listeners, std::vector<ListenError>> Listeners::open(const std::vector<ListenConfig>& addresses,
                                                                   const Listeners* previous) {
    Listeners opened;
    Listeners kept;
    if (previous == nullptr) {
        opened = take_passed(kept);
        previous = &kept;
    }
    if (previous->passed_) {
        for (const Listener& old : previous->listeners_) {
            opened.listeners_.push_back({old.address, duplicate(old.socket.get())});
        }
        opened.passed_ = true;
    }
    if (opened.passed_) return opened;

    std::vector<ListenError> errors;
    for (const ListenConfig& wanted : addresses) {
        const auto resolved = resolve(wanted.address);
        if (!resolved) errors.push_back({wanted.where, resolved.error()});
        for (const SocketAddress& address : resolved.value_or(std::vector<SocketAddress>{})) {
            auto socket = share_or_bind(address, *previous);
            if (socket) {
                opened.listeners_.push_back({address, std::move(*socket)});
            } else {
                errors.push_back({wanted.where, explain(address, socket.error())});
            }
        }
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    if (previous == &kept) opened.keep(&kept);
    return opened;
}

basehttp::IoResult<UniqueFd> Listeners::share_or_bind(const SocketAddress& address, const Listeners& previous) {
    const auto same = std::ranges::find(previous.listeners_, address, &Listener::address);
    if (same != previous.listeners_.end()) return duplicate(same->socket.get());
    return basehttp::listen_on(address);
}

// sd_listen_fds(3). systemd's sockets are blocking: an accept that another worker won would hang this one. What an
// earlier instance had kept goes to `kept`.
Listeners Listeners::take_passed(Listeners& kept) {
    Listeners passed;
    char** names = nullptr;
    const int count = ::sd_listen_fds_with_names(1, &names);
    for (int i = 0; i < count; ++i) {
        UniqueFd socket(SD_LISTEN_FDS_START + i);
        const std::string_view name = names[i];
        if (::sd_is_socket(socket.get(), AF_UNSPEC, SOCK_STREAM, 1) > 0) {
            ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
            Listeners& target = name.starts_with(kKeptPrefix) ? kept : passed;
            target.listeners_.push_back({SocketAddress::of_socket(socket.get()), std::move(socket)});
        }
        ::free(names[i]);
    }
    ::free(names);
    passed.passed_ = !passed.listeners_.empty();
    return passed;
}

void Listeners::keep(const Listeners* previous) const {
    if (previous != nullptr) {
        for (const Listener& old : previous->listeners_) {
            if (!has(old.address)) ::sd_notify(0, ("FDSTOREREMOVE=1\nFDNAME=" + kept_name(old.address)).c_str());
        }
    }
    if (passed_) return;
    for (const Listener& listener : listeners_) {
        if (listener.address.family() == AF_UNIX) continue;
        const int fd = listener.socket.get();
        ::sd_pid_notify_with_fds(0, 0, ("FDSTORE=1\nFDNAME=" + kept_name(listener.address)).c_str(), &fd, 1);
    }
}

Listeners Listeners::adopt(const std::vector<int>& sockets, bool passed) {
    Listeners adopted;
    adopted.passed_ = passed;
    for (const int fd : sockets)
        adopted.listeners_.push_back({SocketAddress::of_socket(fd), UniqueFd(fd)});
    return adopted;
}

bool Listeners::has(const SocketAddress& address) const {
    return std::ranges::find(listeners_, address, &Listener::address) != listeners_.end();
}

std::vector<int> Listeners::fds() const {
    std::vector<int> fds;
    for (const Listener& listener : listeners_)
        fds.push_back(listener.socket.get());
    return fds;
}

std::string Listeners::text() const {
    std::string text;
    for (const Listener& listener : listeners_)
        text.append(text.empty() ? "" : ", ").append(listener.address.text());
    return text;
}

}  // namespace basehttpd
