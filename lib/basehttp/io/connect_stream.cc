#include "basehttp/io/connect_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "basehttp/io/pause.h"

namespace basehttp {
namespace {

constexpr std::chrono::milliseconds kNap{10};

IoResult<void> start_connecting(int socket, const SocketAddress& address) {
    if (::connect(socket, address.get(), address.size()) == 0) return {};
    return io_failure("connect");
}

IoResult<void> outcome_of_connecting(int socket) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return io_failure("getsockopt");
    if (error != 0) return std::unexpected(IoError{error, "connect"});
    return {};
}

}  // namespace

Task<IoResult<std::unique_ptr<SocketStream>>> connect_stream(EventLoop& loop, SocketAddress address,
                                                             std::chrono::milliseconds timeout,
                                                             const Stream& client) {
    UniqueFd socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) co_return io_failure("socket");
    const int on = 1;
    if (address.family() != AF_UNIX) ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto until = loop.now() + timeout;
    auto started = start_connecting(socket.get(), address);
    while (!started && started.error().would_block()) {  // a full queue: nothing tells when there is room
        if (loop.now() >= until) co_return std::unexpected(IoError{ETIMEDOUT, "connect"});
        Pause pause(loop, kNap);
        co_await pause;
        started = start_connecting(socket.get(), address);
    }
    if (!started && started.error().code != EINPROGRESS) co_return std::unexpected(started.error());
    const int number = socket.get();
    auto stream = std::make_unique<SocketStream>(loop, std::move(socket));
    stream->share_focus(client);
    if (started) co_return stream;
    stream->set_deadline(timeout);
    stream->give_way();  // it is not writable yet, whatever a fresh stream takes for granted
    const auto ready = co_await stream->until_writable();
    if (!ready) co_return std::unexpected(IoError{ready.error().code, "connect"});
    const auto connected = outcome_of_connecting(number);
    if (!connected) co_return std::unexpected(connected.error());
    co_return stream;
}

}  // namespace basehttp
