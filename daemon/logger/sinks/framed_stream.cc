#include "daemon/logger/sinks/framed_stream.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace basehttpd {
namespace {

// A stream whose other end has closed takes bytes once more, and loses them. What it sends us is of no interest.
bool is_closed(int socket) {
    std::array<char, 512> ignored;
    return ::recv(socket, ignored.data(), ignored.size(), MSG_DONTWAIT) == 0;
}

}  // namespace

basehttp::IoResult<void> FramedStream::send(int socket, std::string_view message) {
    constexpr std::size_t kLookAt = 16 << 10;
    if (is_closed(socket)) {
        errno = ECONNRESET;
        return basehttp::io_failure("send");
    }
    if (sent_ >= kLookAt || framing_ == Framing::lines) forget_confirmed(socket);
    while (next_ < frames_.size()) {
        if (auto sent = send_frame(socket, frames_[next_]); !sent) return sent;
        ++next_;
    }
    std::string frame =
        framing_ == Framing::counted ? fmt::format("{} {}", message.size(), message) : fmt::format("{}\n", message);
    if (auto sent = send_frame(socket, frame); !sent) return sent;
    frames_.push_back(std::move(frame));
    ++next_;
    return {};
}

basehttp::IoResult<void> FramedStream::send_frame(int socket, std::string_view frame) {
    while (begun_ < frame.size()) {
        const std::string_view rest = frame.substr(begun_);
        const ssize_t some = ::send(socket, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (some < 0) return basehttp::io_failure("send");
        begun_ += static_cast<std::size_t>(some);
    }
    sent_ += begun_;
    begun_ = 0;
    return {};
}

void FramedStream::cut(int socket) {
    forget_confirmed(socket);
    next_ = 0;
    begun_ = 0;
    sent_ = 0;
}

bool FramedStream::settled(int socket) const {
    return frames_.empty() || (next_ == frames_.size() && unconfirmed(socket) == 0);
}

void FramedStream::forget_confirmed(int socket) {
    const std::size_t open = unconfirmed(socket);
    while (next_ > 0 && sent_ + begun_ >= open + frames_.front().size()) {
        sent_ -= frames_.front().size();
        frames_.pop_front();
        --next_;
    }
}

// Of the bytes that have gone over this connection.
std::size_t FramedStream::unconfirmed(int socket) const {
    int bytes = 0;
    if (framing_ == Framing::lines || ::ioctl(socket, SIOCOUTQ, &bytes) < 0) return 0;
    return static_cast<std::size_t>(bytes);
}

}  // namespace basehttpd
