#include "basehttp/server/listening_sockets.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/ranges.h>

#include "basehttp/io/socket_address.h"

namespace basehttp {
namespace {

UniqueFd take_over(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0)
        throw std::system_error(errno, std::generic_category(), "the listener that was given");
    int listens = 0;
    socklen_t size = sizeof listens;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
    if (listens == 0) throw std::invalid_argument("the listener that was given does not listen");
    return UniqueFd(descriptor);
}

}  // namespace

ListeningSockets::ListeningSockets(const std::vector<std::string>& addresses, PortSharing sharing) {
    for (const std::string& text : addresses) {
        const auto parsed = SocketAddress::parse(text);
        if (!parsed) throw std::invalid_argument(text + ": " + parsed.error());
        auto socket = listen_on(*parsed, sharing);
        if (!socket)
            throw std::system_error(socket.error().code, std::generic_category(),
                                    text + ": " + socket.error().operation);
        sockets_.emplace_back(std::move(*socket), parsed->path());
    }
}

ListeningSockets::ListeningSockets(const std::vector<int>& given) {
    for (const int descriptor : given)
        sockets_.emplace_back(take_over(descriptor), std::string());
}

// The path goes first, and in the process that made the socket alone: afterwards it may be another server's.
ListeningSockets::Socket::~Socket() {
    if (!path_.empty() && ::getpid() == maker_) ::unlink(path_.c_str());
}

std::vector<int> ListeningSockets::descriptors() const {
    std::vector<int> all;
    for (const Socket& socket : sockets_)
        all.push_back(socket.get());
    return all;
}

std::uint16_t ListeningSockets::port() const {
    for (const int descriptor : descriptors()) {
        if (const auto port = SocketAddress::of_socket(descriptor).port(); port != 0) return port;
    }
    return 0;
}

std::string ListeningSockets::text() const {
    std::vector<std::string> addresses;
    for (const int descriptor : descriptors())
        addresses.push_back(SocketAddress::of_socket(descriptor).text());
    return fmt::format("{}", fmt::join(addresses, ", "));
}

}  // namespace basehttp
