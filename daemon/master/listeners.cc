#include "daemon/master/listeners.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/listen.h"
#include "daemon/check/listen_failure.h"
#include "daemon/config/config_source.h"
#include "daemon/process/umask.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::IoResult;
using basehttp::SocketAddress;
using basehttp::UniqueFd;

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

// Made with its mode at once: there is no moment in which anybody else can connect.
IoResult<UniqueFd> listen_on_path(const ListenPlan::Socket& wanted) {
    const Umask exact(0777 & ~wanted.config.mode);
    return basehttp::listen_on(wanted.address);
}

}  // namespace

std::expected<Listeners, std::vector<ConfigError>> Listeners::open(const std::vector<ListenConfig>& addresses,
                                                                   std::vector<PassedFile> files) {
    Listeners kept;
    const Listeners passed = take_passed(std::move(files), kept);
    const ListenPlan plan = passed.passed_ ? ListenPlan{} : ListenPlan::of(addresses);
    kept.keep_wanted(plan);
    if (passed.passed_) return passed.open_beside(addresses, plan);
    auto opened = kept.open_beside(addresses, plan);
    if (opened) opened->replace(kept);
    return opened;
}

std::expected<Listeners, std::vector<ConfigError>> Listeners::open(const std::vector<ListenConfig>& addresses,
                                                                   const Listeners& previous) {
    return previous.open_beside(addresses, previous.passed_ ? ListenPlan{} : ListenPlan::of(addresses));
}

std::expected<Listeners, std::vector<ConfigError>> Listeners::open_beside(const std::vector<ListenConfig>& addresses,
                                                                          const ListenPlan& plan) const {
    Listeners opened;
    if (passed_) {
        opened.share(*this);
        if (auto errors = opened.find_unmet(addresses); !errors.empty()) return std::unexpected(std::move(errors));
        return opened;
    }
    std::vector<ConfigError> errors;
    std::vector<ConfigError> beyond;
    for (const ConfigError& problem : plan.problems) {
        if (problem.kind == ConfigError::Kind::error) errors.push_back(problem);
        if (problem.kind == ConfigError::Kind::warning) opened.left_out_.push_back(problem.message);
    }
    for (const ListenPlan::Socket& wanted : plan.sockets) {
        auto listener = share_or_bind(wanted);
        if (listener) {
            opened.listeners_.push_back(*std::move(listener));
        } else {
            const bool optional = wanted.optional && is_beyond_machine(listener.error());
            (optional ? beyond : errors).push_back(explain_listen_failure(wanted, listener.error()));
        }
    }
    if (opened.listeners_.empty()) errors.insert(errors.end(), beyond.begin(), beyond.end());
    if (!errors.empty()) {
        opened.give_up_all_but(*this);
        return std::unexpected(std::move(errors));
    }
    for (const ConfigError& each : beyond)
        opened.left_out_.push_back(each.message + ": left out");
    return opened;
}

// Where sockets are passed, `listen` says of them alone what their connections begin with: an item that is for none
// of them is a mistake that lets clients say who they are.
std::vector<ConfigError> Listeners::find_unmet(const std::vector<ListenConfig>& addresses) const {
    std::vector<ConfigError> errors;
    for (const ListenConfig& wanted : addresses) {
        const auto is_wanted = [&wanted](const Listener& passed) { return names(wanted, passed.address); };
        if (!wanted.proxy_protocol || std::ranges::any_of(listeners_, is_wanted)) continue;
        errors.push_back({wanted.where,
                          fmt::format("'proxy_protocol' for {}, but the service manager has passed {}",
                                      in_quotes(wanted.address), text()),
                          "name the address of a socket that is passed", read_excerpt(wanted.where)});
    }
    return errors;
}

void Listeners::share(const Listeners& previous) {
    for (const Listener& old : previous.listeners_)
        listeners_.push_back({old.address, duplicate(old.socket.get()), old.place, old.made, old.access});
    passed_ = previous.passed_;
}

// The service manager has a copy of each, and closes it when it comes to our message.
void Listeners::keep_wanted(const ListenPlan& plan) {
    std::erase_if(listeners_, [&](const Listener& kept) {
        if (std::ranges::find(plan.sockets, kept.address, &ListenPlan::Socket::address) != plan.sockets.end())
            return false;
        forget_file(kept_name(kept.address));
        gave_up_ = true;
        return true;
    });
}

IoResult<Listeners::Listener> Listeners::share_or_bind(const ListenPlan::Socket& wanted) const {
    const auto same = std::ranges::find(listeners_, wanted.address, &Listener::address);
    // Whoever removed the file of a unix socket has taken it from its clients.
    const bool shared = same != listeners_.end() && same->place == Place::of(wanted.address);
    auto socket = shared ? IoResult<UniqueFd>(duplicate(same->socket.get())) : bind(wanted);
    if (!socket) return std::unexpected(socket.error());
    const std::string path = wanted.address.path();
    if (path.empty()) return Listener{wanted.address, *std::move(socket)};
    const SocketAccess made = shared ? same->made : SocketAccess::of(path);
    const SocketAccess access = SocketAccess::wanted(wanted.config, made);
    Listener listener{wanted.address, *std::move(socket), Place::of(wanted.address), made, access};
    // What somebody else has changed meanwhile stays, unless the configuration has changed too.
    if (shared && access == same->access) return listener;
    if (auto given = access.give_to(path); !given) {
        if (!shared) listener.remove_file();
        return std::unexpected(given.error());
    }
    return listener;
}

IoResult<UniqueFd> Listeners::bind(const ListenPlan::Socket& wanted) const {
    constexpr std::uint64_t kPatienceUs = 100'000;
    constexpr int kMostTries = 10;
    if (wanted.address.family() == AF_UNIX) return listen_on_path(wanted);
    auto socket = basehttp::listen_beside(on_port_of(wanted.address), wanted.address);
    // What was given up is free once the service manager has closed its copy.
    for (int i = 0; gave_up_ && i < kMostTries && !socket && socket.error().code == EADDRINUSE; ++i) {
        ::sd_notify_barrier(0, kPatienceUs);
        socket = basehttp::listen_on(wanted.address);
    }
    return socket;
}

std::vector<int> Listeners::on_port_of(const SocketAddress& address) const {
    std::vector<int> sockets;
    for (const Listener& each : listeners_) {
        if (each.address.family() == address.family() && each.address.port() == address.port())
            sockets.push_back(each.socket.get());
    }
    return sockets;
}

// systemd's sockets are blocking: an accept that another worker won would hang this one.
Listeners Listeners::take_passed(std::vector<PassedFile> files, Listeners& kept) {
    Listeners passed;
    for (PassedFile& each : files) {
        const int socket = each.file.get();
        if (::sd_is_socket(socket, AF_UNSPEC, SOCK_STREAM, 1) > 0) {
            ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
            Listeners& target = each.name.starts_with(kKeptPrefix) ? kept : passed;
            target.listeners_.push_back({SocketAddress::of_socket(socket), std::move(each.file)});
        } else if (each.name.starts_with(kKeptPrefix)) {
            forget_file(each.name);
        }
    }
    passed.passed_ = !passed.listeners_.empty();
    return passed;
}

void Listeners::replace(const Listeners& previous) const {
    previous.give_up_all_but(*this);
    if (passed_) return;
    for (const Listener& listener : listeners_) {
        if (listener.address.family() == AF_UNIX || previous.find(listener.address) != nullptr) continue;
        keep_file(kept_name(listener.address), listener.socket.get());
    }
}

void Listeners::give_up_all_but(const Listeners& others) const {
    if (passed_) return;
    for (const Listener& old : listeners_) {
        if (const Listener* other = others.find(old.address)) {
            if (other->access != old.access) other->give_access();
            continue;
        }
        if (old.address.family() != AF_UNIX) forget_file(kept_name(old.address));
        old.remove_file();
    }
}

void Listeners::remove_files() const {
    if (passed_) return;
    for (const Listener& each : listeners_)
        each.remove_file();
}

void Listeners::Listener::remove_file() const {
    if (place != Place{} && Place::of(address) == place) ::unlink(address.path().c_str());
}

// A reload that was refused may have given it another.
void Listeners::Listener::give_access() const {
    if (place != Place{} && Place::of(address) == place) (void)access.give_to(address.path());
}

Listeners::Place Listeners::Place::of(const SocketAddress& address) {
    struct stat info {};
    if (address.path().empty() || ::lstat(address.path().c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return {};
    return {info.st_dev, info.st_ino};
}

Listeners Listeners::adopt(const std::vector<int>& sockets, bool passed) {
    Listeners adopted;
    adopted.passed_ = passed;
    for (const int fd : sockets) {
        const SocketAddress address = SocketAddress::of_socket(fd);
        const SocketAccess access = SocketAccess::of(address.path());
        adopted.listeners_.push_back({address, UniqueFd(fd), Place::of(address), access, access});
    }
    return adopted;
}

const Listeners::Listener* Listeners::find(const SocketAddress& address) const {
    const auto found = std::ranges::find(listeners_, address, &Listener::address);
    return found == listeners_.end() ? nullptr : &*found;
}

std::vector<int> Listeners::fds() const {
    std::vector<int> fds;
    for (const Listener& listener : listeners_)
        fds.push_back(listener.socket.get());
    return fds;
}

std::vector<std::string> Listeners::addresses() const {
    std::vector<std::string> addresses;
    for (const Listener& listener : listeners_)
        addresses.push_back(listener.address.text());
    return addresses;
}

std::string Listeners::text() const {
    return fmt::format("{}", fmt::join(addresses(), ", "));
}

}  // namespace basehttpd
