#include "daemon/log_pipe.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace basehttpd {
namespace {

// Room for the longest line that requests can make. Memory is used for what is in there alone.
constexpr int kSize = 1 << 20;

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
    return made;
}

int LogPipe::unread() const {
    return bytes_in_pipe(read.get());
}

int bytes_in_pipe(int fd) {
    int bytes = 0;
    return ::ioctl(fd, FIONREAD, &bytes) < 0 ? 0 : bytes;
}

}  // namespace basehttpd
