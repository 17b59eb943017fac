#include "basehttp/io/listen.h"

#include <netinet/in.h>
#include <sys/stat.h>

namespace basehttp {
namespace {

constexpr int kSocketFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

void set_option(int socket, int level, int option) {
    const int on = 1;
    // A kernel without the option gives a socket that works all the same.
    ::setsockopt(socket, level, option, &on, sizeof on);
}

// Whether `path` is a socket that nobody accepts on, as a process that was killed leaves it behind.
bool is_left_over(const SocketAddress& address) {
    struct stat status {};
    if (::lstat(address.path().c_str(), &status) < 0 || !S_ISSOCK(status.st_mode)) return false;
    const UniqueFd probe(::socket(AF_UNIX, kSocketFlags, 0));
    return probe && ::connect(probe.get(), address.get(), address.size()) < 0 && errno == ECONNREFUSED;
}

}  // namespace

IoResult<UniqueFd> listen_on(const SocketAddress& address) {
    UniqueFd socket(::socket(address.family(), kSocketFlags, 0));
    if (!socket) return io_failure("socket");
    if (address.family() == AF_UNIX) {
        if (is_left_over(address)) ::unlink(address.path().c_str());
    } else {
        set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    }
    if (address.family() == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY);
    if (::bind(socket.get(), address.get(), address.size()) < 0) return io_failure("bind");
    if (::listen(socket.get(), SOMAXCONN) < 0) return io_failure("listen");
    return socket;
}

}  // namespace basehttp
