#include "daemon/logs/log_pipe.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace basehttpd {
namespace {

// Room for the longest line that requests can make. Memory is used for what is in there alone.
constexpr int kSize = LineTrace::kSpan;

// O_NONBLOCK belongs to an end: the two have a file description each.
bool open_ends(basehttp::UniqueFd& read, basehttp::UniqueFd& write) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) return false;
    read.reset(ends[0]);
    write.reset(ends[1]);
    ::fcntl(ends[1], F_SETPIPE_SZ, kSize);  // refused where this user has many pipes: lines go in more steps then
    return ::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0;
}

}  // namespace

basehttp::IoResult<LogPipe> LogPipe::create() {
    LogPipe made;
    if (!open_ends(made.read, made.write) || !open_ends(made.staging_read, made.staging_write))
        return basehttp::io_failure("pipe2");
    if (::fcntl(made.staging_read.get(), F_SETFL, O_NONBLOCK) < 0) return basehttp::io_failure("fcntl");
    auto memory = SharedMemory::create(sizeof(LineTrace));
    if (!memory) return std::unexpected(memory.error());
    LineTrace::make(memory->data());
    made.trace_memory = std::move(*memory);
    return made;
}

std::size_t LogPipe::unread() const {
    return bytes_in_pipe(read.get());
}

// A logger may be at work: what was laid out and gone over while this looked would be counted wrong.
std::optional<std::size_t> LogPipe::rest_of_line() const {
    if (!trace_memory) return 0;
    const std::uint64_t before = trace().laid_out();
    const std::size_t staged = bytes_in_pipe(staging_read.get());
    const auto rest = trace().rest_of_line(staged, unread());
    const bool moved = bytes_in_pipe(staging_read.get()) != staged || trace().laid_out() != before;
    return moved ? std::nullopt : rest;
}

std::size_t bytes_in_pipe(int fd) {
    int bytes = 0;
    return ::ioctl(fd, FIONREAD, &bytes) < 0 ? 0 : static_cast<std::size_t>(bytes);
}

}  // namespace basehttpd
