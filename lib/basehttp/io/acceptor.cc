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

}  // namespace

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

bool Acceptor::accept_one() {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    UniqueFd socket(::accept4(listener_, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
        if (!is_of_one_connection(errno)) receiver_.on_accept_failed({errno, "accept4"});
        return false;
    }
    if (address->sa_family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    receiver_.on_accepted(std::move(socket), SocketAddress(address, size));
    return true;
}

}  // namespace basehttp
