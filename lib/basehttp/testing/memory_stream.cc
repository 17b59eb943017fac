#include "basehttp/testing/memory_stream.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace basehttp {

IoResult<std::size_t> MemoryStream::read_some(std::span<char> space) {
    const std::size_t size = std::min(space.size(), input_.size() - read_);
    std::copy_n(input_.begin() + static_cast<std::ptrdiff_t>(read_), size, space.begin());
    read_ += size;
    return size;
}

IoResult<std::size_t> MemoryStream::take(std::string_view bytes) {
    const std::size_t size = std::min(bytes.size(), most_output_ - std::min(most_output_, output_.size()));
    if (size == 0) return std::unexpected(IoError{EPIPE, "write"});
    output_ += bytes.substr(0, size);
    return size;
}

IoResult<std::size_t> MemoryStream::write_some(std::span<const iovec> pieces, More) {
    std::string all;
    for (const iovec& piece : pieces)
        all.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
    return take(all);
}

IoResult<std::size_t> MemoryStream::send_file_some(int file, off_t offset, std::size_t count) {
    std::vector<char> piece(count);
    const ssize_t got = ::pread(file, piece.data(), piece.size(), offset);
    if (got < 0) return io_failure("pread");
    if (got == 0) return std::size_t{0};
    return take({piece.data(), static_cast<std::size_t>(got)});
}

void MemoryStream::set_deadline(std::chrono::milliseconds) {
    if (failure_ == ETIMEDOUT) failure_ = 0;
}

void MemoryStream::interrupt() {
    failure_ = ECANCELED;
}

bool MemoryStream::is_ready(Direction direction) const {
    if (failure_ != 0) return true;
    switch (direction) {
        case Direction::read:
        case Direction::either:
            return true;
        case Direction::write:
            return !gave_way_;
        case Direction::departure:
            return peer_left();
    }
    return true;
}

bool MemoryStream::wait(Direction direction, std::coroutine_handle<> waiter) {
    waiter_ = waiter;
    loop_.post([this, direction] { end_wait(direction); });
    return true;
}

void MemoryStream::end_wait(Direction direction) {
    gave_way_ = false;
    if (direction == Direction::departure && failure_ == 0) failure_ = ETIMEDOUT;
    if (waiter_) std::exchange(waiter_, nullptr).resume();
}

IoResult<void> MemoryStream::wait_result() {
    if (failure_ == 0) return {};
    return std::unexpected(IoError{failure_, "wait"});
}

}  // namespace basehttp
