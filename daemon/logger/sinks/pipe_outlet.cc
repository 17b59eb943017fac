#include "daemon/logger/sinks/pipe_outlet.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include <limits.h>

namespace basehttpd {
namespace {

std::size_t pages_for(std::size_t bytes) {
    static const auto page = static_cast<std::size_t>(::getpagesize());
    return (bytes + page - 1) / page;
}

std::size_t size_of_pipe(int fd) {
    return static_cast<std::size_t>(std::max(0, ::fcntl(fd, F_GETPIPE_SZ)));
}

// Whole lines that go together, or one that is longer.
std::string_view portion_of(std::string_view bytes) {
    const std::size_t whole = bytes.substr(0, PIPE_BUF).rfind('\n') + 1;
    if (whole > 0) return bytes.substr(0, whole);
    return bytes.substr(0, std::min(bytes.size(), bytes.find('\n')) + 1);
}

}  // namespace

PipeOutlet::PipeOutlet(const LogPipe& pipe) : pipe_(pipe), pages_(pages_for(size_of_pipe(pipe.write.get()))) {
    struct stat status {};
    if (::fstat(pipe.write.get(), &status) == 0) inode_ = status.st_ino;
}

void PipeOutlet::lay_out(std::string_view bytes) {
    if (laid_out_ > 0) return;
    pipe_.trace().begin(bytes_in_pipe(pipe_.staging_read.get()));
    drop_leftover();
    const std::string_view portion = portion_of(bytes);
    const ssize_t written = ::write(pipe_.staging_write.get(), portion.data(), portion.size());
    if (written > 0) laid_out_ = static_cast<std::size_t>(written);
    pipe_.trace().add(portion.substr(0, laid_out_));
}

// What a logger before this one has laid out, and its successor has accounted for.
void PipeOutlet::drop_leftover() const {
    std::array<char, 4096> bytes;
    while (::read(pipe_.staging_read.get(), bytes.data(), bytes.size()) > 0) {
    }
}

// As if the pipe was a file: it grows by what leaves the staging pipe.
std::optional<FileMark> PipeOutlet::mark() const {
    constexpr std::uint64_t kMost = 1U << 31U;
    return FileMark{0, inode_, kMost - bytes_in_pipe(pipe_.staging_read.get())};
}

bool PipeOutlet::is_long() const {
    return laid_out_ > PIPE_BUF;
}

// Whether all that is laid out finds room. How many pages those bytes take that an earlier logger has left is
// unknown. A line that is longer than the pipe goes when that is empty, in parts.
bool PipeOutlet::has_room() {
    const std::size_t unread = bytes_in_pipe(pipe_.write.get());
    forget_what_was_read(unread);
    if (unread == 0) return true;
    if (unread > bytes_in_steps_) return false;
    std::size_t needed = pages_for(laid_out_);
    for (const std::size_t step : steps_)
        needed += pages_for(step);
    return needed <= pages_;
}

void PipeOutlet::forget_what_was_read(std::size_t unread) {
    while (!steps_.empty() && bytes_in_steps_ - steps_.front() >= unread) {
        bytes_in_steps_ -= steps_.front();
        steps_.pop_front();
    }
}

basehttp::IoResult<std::size_t> PipeOutlet::write(std::string_view) {
    if (laid_out_ == 0 || (is_long() && !has_room())) {
        errno = EAGAIN;
        return basehttp::io_failure("splice");
    }
    const ssize_t moved =
        ::splice(pipe_.staging_read.get(), nullptr, pipe_.write.get(), nullptr, laid_out_, SPLICE_F_NONBLOCK);
    if (moved < 0) return basehttp::io_failure("splice");
    laid_out_ -= static_cast<std::size_t>(moved);
    steps_.push_back(static_cast<std::size_t>(moved));
    bytes_in_steps_ += static_cast<std::size_t>(moved);
    if (steps_.size() > pages_) forget_what_was_read(bytes_in_pipe(pipe_.write.get()));
    return static_cast<std::size_t>(moved);
}

}  // namespace basehttpd
