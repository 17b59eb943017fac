#include "daemon/check/listen_failure.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "daemon/check/port_holder.h"
#include "daemon/config/config_source.h"

namespace basehttpd {
namespace {

using basehttp::SocketAddress;

// The children have the master's sockets as well.
bool is_own(const PortHolder& holder) {
    return holder.pid == ::getpid() || parent_of_process(holder.pid) == ::getpid();
}

bool is_another_file(const std::string& path) {
    struct stat info {};
    return !path.empty() && ::lstat(path.c_str(), &info) == 0 && !S_ISSOCK(info.st_mode);
}

std::string explain_holder(const SocketAddress& address) {
    if (is_another_file(address.path())) return "a file that is not a socket has that name";
    const auto holder = find_port_holder(address);
    if (!holder) return "`ss -ltnpx` shows who holds it";
    if (is_own(*holder)) return "this daemon itself listens on that port; a restart gives it up";
    return holder->text() + " holds it";
}

std::string remedy_of(const ListenPlan::Socket& socket, int error) {
    const bool file = socket.address.family() == AF_UNIX;
    switch (error) {
        case EADDRINUSE:
            return explain_holder(socket.address);
        case EACCES:
        case EPERM:
            return file ? "its directory must be writable for the user that starts the server"
                        : "ports below 1024 need root or CAP_NET_BIND_SERVICE";
        case EROFS:
            return file ? "choose a directory that can be written, such as one below /run" : "";
        case ENOENT:
            return file ? "create its directory, or correct the path" : "";
        case EADDRNOTAVAIL:
            return "no interface of this machine has that address";
        case EAFNOSUPPORT:
            return socket.address.family() == AF_INET6
                       ? "IPv6 is switched off on this machine, or forbidden to this process; leave the address out"
                       : "this kind of address is forbidden to this process; leave it out";
        default:
            return {};
    }
}

}  // namespace

ConfigError explain_listen_failure(const ListenPlan::Socket& socket, const basehttp::IoError& error) {
    const ConfigPosition& where = socket.config.where;
    return {where, fmt::format("cannot listen on {}: {}", socket.address.text(), error.text()),
            remedy_of(socket, error.code), read_excerpt(where)};
}

bool is_beyond_machine(const basehttp::IoError& error) {
    if (error.code == EAFNOSUPPORT || error.code == EPROTONOSUPPORT || error.code == EADDRNOTAVAIL) return true;
    return std::string_view(error.operation) == "socket" && (error.code == EPERM || error.code == EACCES);
}

}  // namespace basehttpd
