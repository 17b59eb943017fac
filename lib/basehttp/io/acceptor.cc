#include "basehttp/io/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace basehttp {
namespace {

// Errors of the connection, not of the listener: accept(2) passes them on, and the next call is as good as ever.
bool is_of_one_connection(int code) {
    switch (code) {
        case EINTR:
        case EAGAIN:
        case ECONNABORTED:
        case EPROTO:
        case EPERM:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH:
        case ETIMEDOUT:
            return true;
        default:
            return false;
    }
}

// Whether connections on `listener`, which is bound to `address`, have that address for their own end. One of all
// addresses has it in none, and a transparent one is handed what was sent to others (ip(7), IP_TRANSPARENT).
bool gives_its_address(int listener, const SocketAddress& address) {
    if (address.family() == AF_UNIX) return true;
    const bool ipv6 = address.family() == AF_INET6;
    int transparent = 0;
    socklen_t size = sizeof transparent;
    ::getsockopt(listener, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_TRANSPARENT : IP_TRANSPARENT, &transparent,
                 &size);
    return transparent == 0 && !address.is_unspecified();
}

}  // namespace

// Connections have the listener's TCP_NODELAY: set here, it costs none of them a system call.
Acceptor::Acceptor(EventLoop& loop, int listener, Receiver& receiver, int most_a_round)
    : loop_(loop),
      listener_(listener),
      receiver_(receiver),
      most_a_round_(most_a_round),
      address_(SocketAddress::of_socket(listener)),
      one_address_(gives_its_address(listener, address_)) {
    const int on = 1;
    if (address_.family() != AF_UNIX) ::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

IoResult<void> Acceptor::join() {
    if (joined_) return {};
    auto added = loop_.add(listener_, EPOLLIN | EPOLLEXCLUSIVE, *this);
    joined_ = added.has_value();
    return added;
}

void Acceptor::leave() {
    if (joined_) loop_.remove(listener_, *this);
    joined_ = false;
}

void Acceptor::on_events(std::uint32_t) {
    for (int i = 0; i < most_a_round_ && joined_ && accept_one(); ++i) {
    }
}

bool Acceptor::accept_one() {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    UniqueFd socket(::accept4(listener_, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
        if (!is_of_one_connection(errno)) receiver_.on_accept_failed({errno, "accept4"});
        return false;
    }
    const SocketAddress local = one_address_ ? address_ : SocketAddress::of_socket(socket.get());
    receiver_.on_accepted(std::move(socket), SocketAddress(address, size), local);
    return true;
}

}  // namespace basehttp
