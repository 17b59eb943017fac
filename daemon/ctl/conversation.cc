#include "daemon/ctl/conversation.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/process/exit_codes.h"

namespace basehttpd {
namespace {

std::string explain(const std::string& path, int error) {
    const std::string reason = path + ": " + std::generic_category().message(error);
    switch (error) {
        case ENOENT:
        case ECONNREFUSED:
            return "no daemon listens at " + reason;
        case EACCES:
            return "cannot speak to the daemon at " + reason + "; it hears root and the user that it runs as";
        default:
            return "cannot speak to the daemon at " + reason;
    }
}

std::string read_all(int socket) {
    std::string text;
    std::array<char, 4096> bytes;
    for (;;) {
        const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(bytes.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace

Verdict ask(const std::string& path, const std::string& command) {
    const auto address = basehttp::SocketAddress::parse("unix:" + path);
    if (!address) return {kExitUsage, path + ": " + address.error()};
    const basehttp::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket || ::connect(socket.get(), address->get(), address->size()) < 0) {
        return {kExitUnavailable, explain(path, errno)};
    }
    const std::string line = command + '\n';
    if (::send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL) < 0) {
        return {kExitUnavailable, explain(path, errno)};
    }
    if (auto verdict = parse_verdict(read_all(socket.get()))) return std::move(*verdict);
    return {kExitUnavailable, std::string(kNoVerdict) + "; its error log may say why"};
}

}  // namespace basehttpd
