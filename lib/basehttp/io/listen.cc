#include "basehttp/io/listen.h"

#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

namespace basehttp {
namespace {

constexpr int kSocketFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

void set_option(int socket, int level, int option, int value = 1) {
    // A kernel without the option gives a socket that works all the same.
    ::setsockopt(socket, level, option, &value, sizeof value);
}

// A port of several sockets, for as long as one of these lives. Linux wants all of them to agree and to be one user's
// (socket(7), SO_REUSEPORT). Not for longer: any process of that user could listen there.
class SharedPort {
  public:
    explicit SharedPort(std::span<const int> sockets) : sockets_(sockets) { set(1); }
    ~SharedPort() { set(0); }
    SharedPort(const SharedPort&) = delete;
    SharedPort& operator=(const SharedPort&) = delete;

  private:
    void set(int value) const {
        for (const int socket : sockets_)
            set_option(socket, SOL_SOCKET, SO_REUSEPORT, value);
    }

    std::span<const int> sockets_;
};

IoResult<UniqueFd> make_socket(const SocketAddress& address) {
    UniqueFd socket(::socket(address.family(), kSocketFlags, 0));
    if (!socket) return io_failure("socket");
    if (address.family() != AF_UNIX) set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    if (address.family() == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY);
    return socket;
}

IoResult<void> bind_and_listen(int socket, const SocketAddress& address) {
    if (address.family() == AF_UNIX && is_left_over(address)) ::unlink(address.path().c_str());
    if (::bind(socket, address.get(), address.size()) < 0) return io_failure("bind");
    if (::listen(socket, SOMAXCONN) < 0) return io_failure("listen");
    return {};
}

}  // namespace

bool is_left_over(const SocketAddress& address) {
    struct stat status {};
    if (::lstat(address.path().c_str(), &status) < 0 || !S_ISSOCK(status.st_mode)) return false;
    const UniqueFd probe(::socket(AF_UNIX, kSocketFlags, 0));
    return probe && ::connect(probe.get(), address.get(), address.size()) < 0 && errno == ECONNREFUSED;
}

IoResult<UniqueFd> bind_to(const SocketAddress& address) {
    auto socket = make_socket(address);
    if (socket && ::bind(socket->get(), address.get(), address.size()) < 0) return io_failure("bind");
    return socket;
}

IoResult<UniqueFd> listen_on(const SocketAddress& address, PortSharing sharing) {
    auto socket = make_socket(address);
    if (!socket) return socket;
    if (sharing == PortSharing::yes) set_option(socket->get(), SOL_SOCKET, SO_REUSEPORT);
    if (auto listening = bind_and_listen(socket->get(), address); !listening)
        return std::unexpected(listening.error());
    return socket;
}

IoResult<UniqueFd> listen_beside(std::span<const int> others, const SocketAddress& address) {
    auto socket = make_socket(address);
    if (!socket) return socket;
    std::vector<int> sharing(others.begin(), others.end());
    if (!others.empty()) sharing.push_back(socket->get());
    const SharedPort shared(sharing);
    if (auto listening = bind_and_listen(socket->get(), address); !listening)
        return std::unexpected(listening.error());
    return socket;
}

}  // namespace basehttp
