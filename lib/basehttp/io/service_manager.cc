#include "basehttp/io/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "basehttp/io/unique_fd.h"

namespace basehttp {
namespace {

// A number in the environment, or nothing.
std::optional<long> number_of(const char* variable) {
    const char* const text = std::getenv(variable);
    if (text == nullptr) return std::nullopt;
    long number = 0;
    const char* const end = text + std::strlen(text);
    const auto [rest, error] = std::from_chars(text, end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return number;
}

}  // namespace

std::vector<int> passed_sockets() {
    constexpr int kFirst = 3;
    constexpr long kMost = 1024;
    if (number_of("LISTEN_PID") != ::getpid()) return {};
    const long count = std::clamp(number_of("LISTEN_FDS").value_or(0), 0L, kMost);
    std::vector<int> sockets(static_cast<std::size_t>(count));
    std::iota(sockets.begin(), sockets.end(), kFirst);
    return sockets;
}

IoResult<void> notify_service_manager(std::string_view state) {
    const char* const path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr) return {};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(path);
    if ((*path != '/' && *path != '@') || length >= sizeof address.sun_path)
        return std::unexpected(IoError{EINVAL, "$NOTIFY_SOCKET"});
    std::memcpy(address.sun_path, path, length);
    if (*path == '@') address.sun_path[0] = '\0';
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return io_failure("socket");
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    if (::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address),
                 size) < 0)
        return io_failure("sendto $NOTIFY_SOCKET");
    return {};
}

std::optional<std::chrono::milliseconds> service_watchdog() {
    constexpr long kPerMillisecond = 1000;
    const auto microseconds = number_of("WATCHDOG_USEC");
    if (!microseconds || *microseconds < kPerMillisecond) return std::nullopt;
    if (number_of("WATCHDOG_PID").value_or(::getpid()) != ::getpid()) return std::nullopt;
    return std::chrono::milliseconds(*microseconds / kPerMillisecond);
}

}  // namespace basehttp
