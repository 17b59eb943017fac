#include "daemon/logger/sinks/syslog_outlet.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace basehttpd {
namespace {

using std::chrono::milliseconds;
using Transport = SyslogAddress::Transport;

int type_of(int socket) {
    int type = 0;
    socklen_t size = sizeof type;
    ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size);
    return type;
}

}  // namespace

SyslogOutlet::SyslogOutlet(const SyslogAddress& to)
    : to_(to),
      dialer_(to),
      stream_(to.transport == Transport::tcp ? FramedStream::Framing::counted : FramedStream::Framing::lines) {}

basehttp::IoResult<std::size_t> SyslogOutlet::write(std::string_view message) {
    socket_.close_old();
    const bool had_socket = static_cast<bool>(socket_);
    auto sent = send(message);
    if (!sent && !sent.error().would_block() && had_socket && has_another_way()) {
        hang_up();
        sent = send(message);
    }
    if (sent) return message.size();
    if (!sent.error().would_block()) hang_up();
    return std::unexpected(sent.error());
}

basehttp::IoResult<void> SyslogOutlet::send(std::string_view message) {
    if (!socket_) {
        if (auto connected = connect(); !connected) return connected;
    }
    if (!is_stream_) return send_datagram(message);
    auto sent = stream_.send(socket_.get(), message);
    if (sent) sent_at_ = basehttp::Clock::now();
    return sent;
}

basehttp::IoResult<void> SyslogOutlet::connect() {
    auto connected = dialer_.dial();
    if (!connected) return std::unexpected(connected.error());
    socket_.replace(std::move(*connected));
    connected_at_ = basehttp::Clock::now();
    is_stream_ = type_of(socket_.get()) == SOCK_STREAM;
    doubt_ = to_.transport == Transport::udp ? Doubt::unanswered : Doubt::none;
    return {};
}

basehttp::IoResult<void> SyslogOutlet::send_datagram(std::string_view message) {
    // What no datagram of this system can hold must not stand in the way of all that follows.
    constexpr std::size_t kAlwaysFits = 1024;
    if (doubt_ == Doubt::asked) return hear_answer();
    ssize_t sent = ::send(socket_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EMSGSIZE)
        sent =
            ::send(socket_.get(), message.data(), std::min(message.size(), kAlwaysFits), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return basehttp::io_failure("send");
    if (doubt_ == Doubt::none) return {};
    doubt_ = Doubt::asked;
    errno = EAGAIN;
    return basehttp::io_failure("send");
}

// The moment has passed, and the message was sent.
basehttp::IoResult<void> SyslogOutlet::hear_answer() {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    doubt_ = error == 0 ? Doubt::none : Doubt::unanswered;
    if (error == 0) return {};
    errno = error;
    return basehttp::io_failure("send");
}

// Whether, after a failure, it is worthwhile to connect at once. A connection that breaks soon after it was made does
// so again.
bool SyslogOutlet::has_another_way() const {
    constexpr milliseconds kProven{1000};
    switch (to_.transport) {
        case Transport::unix_socket:
            return !is_stream_ || basehttp::Clock::now() - connected_at_ >= kProven;
        case Transport::udp:
            return dialer_.has_more();
        case Transport::tcp:
            return basehttp::Clock::now() - connected_at_ >= kProven;
    }
    return false;
}

void SyslogOutlet::hang_up() {
    if (!socket_) return;
    if (is_stream_) stream_.cut(socket_.get());
    socket_.drop();
}

// While an answer is awaited there is nothing to watch: the moment is the sink's.
int SyslogOutlet::descriptor() const {
    if (!socket_) return dialer_.descriptor();
    return doubt_ == Doubt::asked ? -1 : socket_.get();
}

// Who has stopped reading confirms nothing: that is not waited for.
bool SyslogOutlet::settled() const {
    constexpr milliseconds kLongest{1000};
    if (!is_stream_ || !socket_) return true;
    return stream_.settled(socket_.get()) || basehttp::Clock::now() - sent_at_ >= kLongest;
}

milliseconds SyslogOutlet::longest_pause() const {
    constexpr milliseconds kHere{500};
    constexpr milliseconds kElsewhere{8000};
    return to_.transport == Transport::unix_socket ? kHere : kElsewhere;
}

}  // namespace basehttpd
