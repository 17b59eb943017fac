#include "daemon/logger/sinks/unix_socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

namespace basehttpd {

basehttp::IoResult<basehttp::UniqueFd> connect_unix(const std::string& path, int type) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return basehttp::io_failure("connect");
    }
    path.copy(address.sun_path, path.size());
    basehttp::UniqueFd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return basehttp::io_failure("socket");
    // As much as we may have in flight: the less often must we wait for a reader that is busy.
    constexpr int kSendBuffer = 8 << 20;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
        return basehttp::io_failure("connect");
    return socket;
}

}  // namespace basehttpd
