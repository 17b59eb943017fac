#include "basehttp/io/socket_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "basehttp/io/sigpipe.h"

namespace basehttp {
namespace {

constexpr std::uint32_t kEvents = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

// Whether sendfile(2) failed because it cannot take this file here: some file systems have no means for it (EINVAL),
// and filters refuse it.
bool wants_a_copy(int code) {
    return code == EINVAL || code == ENOSYS || code == EOPNOTSUPP || code == EPERM;
}

// The same by way of this process's memory. 0: the file ends before `offset`.
ssize_t send_copy(int socket, int file, off_t offset, std::size_t count) {
    std::array<char, 64 * 1024> copy;
    const ssize_t got = ::pread(file, copy.data(), std::min(count, copy.size()), offset);
    if (got <= 0) return got;
    return ::send(socket, copy.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
}

}  // namespace

SocketStream::~SocketStream() {
    if (watched_) loop_.remove(socket_.get(), *this);
}

IoResult<std::size_t> SocketStream::read_some(std::span<char> space) {
    const ssize_t got = ::recv(socket_.get(), space.data(), space.size(), 0);
    if (got < 0) {
        may_read_ = false;
        return io_failure("recv");
    }
    const auto count = static_cast<std::size_t>(got);
    if (count < space.size() && !peer_finished_) may_read_ = false;  // epoll(7), question 9
    return count;
}

IoResult<std::size_t> SocketStream::write_some(std::span<const iovec> pieces, More more) {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces.data());  // sendmsg(2) only reads it
    message.msg_iovlen = pieces.size();
    const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | (more == More::yes ? MSG_MORE : 0));
    if (sent < 0) {
        may_write_ = false;
        return io_failure("sendmsg");
    }
    pushed_ = more == More::no;
    return static_cast<std::size_t>(sent);
}

IoResult<std::size_t> SocketStream::send_file_some(int file, off_t offset, std::size_t count) {
    const SigpipeBlocked here;  // nothing to do within EventLoop::run()
    ssize_t sent = ::sendfile(socket_.get(), file, &offset, count);
    if (sent < 0 && wants_a_copy(errno)) sent = send_copy(socket_.get(), file, offset, count);
    if (sent < 0) {
        may_write_ = false;
        return io_failure("sendfile");
    }
    pushed_ = true;
    return static_cast<std::size_t>(sent);
}

// Setting TCP_NODELAY, even anew, sends what MSG_MORE held back: tcp(7). Other sockets hold nothing back.
void SocketStream::push() {
    if (std::exchange(pushed_, true)) return;
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void SocketStream::shut_down_writing() {
    ::shutdown(socket_.get(), SHUT_WR);
}

void SocketStream::give_way() {
    // Registering, also again, makes epoll report in its next round what is ready now.
    const bool reported = watched_ ? loop_.rearm(socket_.get(), kEvents, *this).has_value() : watch();
    if (reported) may_read_ = may_write_ = false;
}

void SocketStream::set_deadline(std::chrono::milliseconds timeout) {
    wait_failure_ = wait_failure_ == ETIMEDOUT ? 0 : wait_failure_;
    loop_.arm(*this, timeout);
}

void SocketStream::interrupt() {
    fail_wait(ECANCELED);
}

bool SocketStream::has_input() const {
    char first = 0;
    return ::recv(socket_.get(), &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

// The loop has seen nothing yet of a socket that it does not watch.
bool SocketStream::peer_left() const {
    if (watched_ || peer_finished_) return peer_finished_;
    pollfd socket{socket_.get(), POLLRDHUP, 0};
    return ::poll(&socket, 1, 0) > 0;
}

bool SocketStream::is_ready(Direction direction) const {
    if (wait_failure_ != 0) return true;
    switch (direction) {
        case Direction::read:
            return may_read_;
        case Direction::write:
            return may_write_;
        case Direction::either:
            return may_read_ || may_write_;
        case Direction::departure:
            return peer_finished_;
    }
    return true;
}

bool SocketStream::wait(Direction direction, std::coroutine_handle<> waiter) {
    if (!watched_ && !watch()) {
        wait_failure_ = watch_failure_;
        return false;
    }
    push();
    waits_for_ = direction;
    waiter_ = waiter;
    return true;
}

bool SocketStream::watch() {
    const auto added = loop_.add(socket_.get(), kEvents, *this);
    watched_ = added.has_value();
    watch_failure_ = added ? 0 : added.error().code;
    return watched_;
}

IoResult<void> SocketStream::wait_result() {
    if (wait_failure_ == 0) return {};
    return std::unexpected(IoError{wait_failure_, "wait"});
}

void SocketStream::on_events(std::uint32_t events) {
    constexpr std::uint32_t kEnded = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if ((events & kEnded) != 0) peer_finished_ = true;
    if ((events & (EPOLLIN | kEnded)) != 0) may_read_ = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) may_write_ = true;
    if (is_ready(waits_for_)) resume_waiter();
}

void SocketStream::on_deadline() {
    fail_wait(ETIMEDOUT);
}

void SocketStream::fail_wait(int code) {
    if (wait_failure_ != ECANCELED) wait_failure_ = code;
    resume_waiter();
}

void SocketStream::resume_waiter() {
    if (waiter_) std::exchange(waiter_, nullptr).resume();
}

}  // namespace basehttp
