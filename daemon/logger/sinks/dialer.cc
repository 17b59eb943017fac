#include "daemon/logger/sinks/dialer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "daemon/logger/sinks/unix_socket.h"

namespace basehttpd {
namespace {

using basehttp::IoError;
using basehttp::UniqueFd;
using Transport = SyslogAddress::Transport;

constexpr IoError kUnderWay{EAGAIN, "connect"};

// errno of the connection that is being made: EAGAIN while it is.
int outcome_of(int socket) {
    pollfd ready{socket, POLLOUT, 0};
    if (::poll(&ready, 1, 0) == 0) return EAGAIN;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

}  // namespace

Dialer::Dialer(const SyslogAddress& to)
    : to_(to), type_(to.transport == Transport::tcp ? SOCK_STREAM : SOCK_DGRAM), lookup_(to.host, to.port, type_) {}

basehttp::IoResult<UniqueFd> Dialer::dial() {
    connecting_.close_old();
    if (to_.transport == Transport::unix_socket) return dial_path();
    if (connecting_) {
        const int error = outcome_of(connecting_.get());
        if (error == EAGAIN) return std::unexpected(kUnderWay);
        if (error == 0) return connecting_.take();
        failure_ = {error, "connect"};
        connecting_.drop();
    } else if (!has_more()) {
        if (auto found = look_up(); !found) return std::unexpected(found.error());
    }
    return try_addresses();
}

basehttp::IoResult<UniqueFd> Dialer::dial_path() const {
    auto connected = connect_unix(to_.path, SOCK_DGRAM);
    if (connected || connected.error().code != EPROTOTYPE) return connected;
    return connect_unix(to_.path, SOCK_STREAM);
}

basehttp::IoResult<void> Dialer::look_up() {
    auto answer = lookup_.ask();
    if (!answer) return std::unexpected(kUnderWay);
    if (answer->failure != 0) return std::unexpected(IoError{answer->failure, "getaddrinfo"});
    addresses_ = std::move(answer->addresses);
    next_ = 0;
    return {};
}

basehttp::IoResult<UniqueFd> Dialer::try_addresses() {
    while (has_more()) {
        const basehttp::SocketAddress& address = addresses_[next_++];
        UniqueFd socket = make_socket(address.family());
        if (socket && ::connect(socket.get(), address.get(), address.size()) == 0) return socket;
        if (socket && errno == EINPROGRESS) {
            connecting_.replace(std::move(socket));
            return std::unexpected(kUnderWay);
        }
        failure_ = {errno, "connect"};
    }
    return std::unexpected(failure_);
}

UniqueFd Dialer::make_socket(int family) const {
    UniqueFd socket(::socket(family, type_ | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket || type_ != SOCK_STREAM) return socket;
    // What the other machine has not confirmed is kept here too: no more of it than this. One that has vanished is
    // noticed by the time limit.
    constexpr int kSendBuffer = 256 << 10;
    constexpr unsigned kTimeoutMs = 30'000;
    constexpr int kOn = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &kOn, sizeof kOn);
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kTimeoutMs, sizeof kTimeoutMs);
    return socket;
}

}  // namespace basehttpd
