#include "tests/wire/scripted_stream.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace wire {

using basehttp::IoError;
using basehttp::IoResult;

void ScriptedStream::run(basehttp::Task<>& task) {
    bool done = task.start();
    while (!done) {
        if (!waiter_) throw std::logic_error("the coroutine waits for something else than its stream");
        end_wait();
        std::exchange(waiter_, nullptr).resume();
        done = task.done();
    }
    task.result();
}

bool ScriptedStream::run_to_silence(basehttp::Task<>& task) {
    if (!waiter_ && task.start()) return true;
    while (!task.done() && !(waits_for_ == Direction::read && arrivals_.empty())) {
        end_wait();
        std::exchange(waiter_, nullptr).resume();
    }
    return task.done();
}

std::size_t ScriptedStream::count(std::string_view call) const {
    return static_cast<std::size_t>(std::ranges::count(calls_, call));
}

IoResult<std::size_t> ScriptedStream::read_some(std::span<char> space) {
    note("read");
    if (space.empty()) throw std::logic_error("a read without space");
    if (arrivals_.empty()) return std::unexpected(IoError{EAGAIN, "recv"});
    Arrival& next = arrivals_.front();
    switch (next.kind) {
        case Arrival::Kind::bytes:
            break;
        case Arrival::Kind::pause:
        case Arrival::Kind::silence:
        case Arrival::Kind::interrupt:
            return std::unexpected(IoError{EAGAIN, "recv"});
        case Arrival::Kind::end:
            return std::size_t{0};
        case Arrival::Kind::reset:
            return std::unexpected(IoError{ECONNRESET, "recv"});
    }
    const std::size_t size = std::min(space.size(), next.bytes.size());
    std::copy_n(next.bytes.begin(), size, space.begin());
    next.bytes.erase(0, size);
    if (next.bytes.empty()) arrivals_.pop_front();
    return size;
}

// How many bytes the client takes now; 0: it takes none, and errno says why.
std::size_t ScriptedStream::acceptable(std::size_t size) {
    std::size_t most = std::min(size, most_output_ - output_.size());
    errno = EPIPE;
    if (acceptances_.empty()) return std::min(most, usual_write_);
    switch (acceptances_.front().kind) {
        case Acceptance::Kind::some:
            most = std::min(most, acceptances_.front().size);
            acceptances_.pop_front();
            return most;
        case Acceptance::Kind::block:
        case Acceptance::Kind::stall:
            errno = EAGAIN;
            return 0;
        case Acceptance::Kind::fail:
            break;
    }
    return 0;
}

IoResult<std::size_t> ScriptedStream::write_some(std::span<const iovec> pieces, More more) {
    note(more == More::yes ? "write more" : "write");
    std::string all;
    last_sources_.clear();
    for (const iovec& piece : pieces) {
        all.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
        last_sources_.push_back(piece.iov_base);
    }
    if (all.empty()) throw std::logic_error("a write of nothing");
    const std::size_t taken = acceptable(all.size());
    if (taken == 0) return basehttp::io_failure("sendmsg");
    output_.append(all, 0, taken);
    return taken;
}

IoResult<std::size_t> ScriptedStream::send_file_some(int file, off_t offset, std::size_t count) {
    note("file");
    std::string piece(count, '\0');
    const ssize_t got = ::pread(file, piece.data(), count, offset);
    if (got < 0) return basehttp::io_failure("sendfile");
    if (got == 0) return std::size_t{0};
    const std::size_t taken = acceptable(static_cast<std::size_t>(got));
    if (taken == 0) return basehttp::io_failure("sendfile");
    output_.append(piece, 0, taken);
    return taken;
}

void ScriptedStream::push() {
    note("push");
}

void ScriptedStream::shut_down_writing() {
    note("shutdown");
}

void ScriptedStream::give_way() {
    note("give way");
    gave_way_ = true;
}

void ScriptedStream::set_deadline(std::chrono::milliseconds timeout) {
    note("deadline " + std::to_string(timeout.count()));
    has_deadline_ = true;
    if (failure_ == ETIMEDOUT) failure_ = 0;
}

bool ScriptedStream::is_ready(Direction direction) const {
    if (failure_ != 0) return true;
    if (direction == Direction::write) {
        const bool blocked = !acceptances_.empty() && (acceptances_.front().kind == Acceptance::Kind::block ||
                                                       acceptances_.front().kind == Acceptance::Kind::stall);
        return !gave_way_ && !blocked;
    }
    if (direction == Direction::departure) return peer_left();
    if (gave_way_ || arrivals_.empty()) return false;
    const auto kind = arrivals_.front().kind;
    return kind == Arrival::Kind::bytes || kind == Arrival::Kind::end || kind == Arrival::Kind::reset;
}

bool ScriptedStream::wait(Direction direction, std::coroutine_handle<> waiter) {
    note(direction == Direction::read ? "wait r" : direction == Direction::write ? "wait w" : "wait d");
    if (waiter_) throw std::logic_error("two coroutines wait");
    if (!has_deadline_) throw std::logic_error("a wait without a deadline");
    waits_for_ = direction;
    waiter_ = waiter;
    return true;
}

bool ScriptedStream::peer_left() const {
    if (arrivals_.empty()) return false;
    return arrivals_.front().kind == Arrival::Kind::end || arrivals_.front().kind == Arrival::Kind::reset;
}

IoResult<void> ScriptedStream::wait_result() {
    if (failure_ == 0) return {};
    return std::unexpected(IoError{failure_, "wait"});
}

void ScriptedStream::end_wait() {
    switch (waits_for_) {
        case Direction::read:
        case Direction::either:
            end_read_wait();
            return;
        case Direction::write:
            end_write_wait();
            return;
        case Direction::departure:
            failure_ = ETIMEDOUT;
            return;
    }
}

void ScriptedStream::end_read_wait() {
    gave_way_ = false;
    if (arrivals_.empty()) {
        failure_ = ETIMEDOUT;
        return;
    }
    switch (arrivals_.front().kind) {
        case Arrival::Kind::bytes:
        case Arrival::Kind::end:
        case Arrival::Kind::reset:
            return;
        case Arrival::Kind::pause:
            break;
        case Arrival::Kind::silence:
            failure_ = ETIMEDOUT;
            break;
        case Arrival::Kind::interrupt:
            failure_ = ECANCELED;
            break;
    }
    arrivals_.pop_front();
}

void ScriptedStream::end_write_wait() {
    if (std::exchange(gave_way_, false) || acceptances_.empty()) return;
    if (acceptances_.front().kind == Acceptance::Kind::stall) failure_ = ETIMEDOUT;
    acceptances_.pop_front();
}

}  // namespace wire
