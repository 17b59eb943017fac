#include "daemon/logger/sinks/descriptor_outlet.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <limits.h>

namespace basehttpd {

DescriptorOutlet::DescriptorOutlet(int fd) : fd_(fd) {
    struct stat status {};
    ::fstat(fd, &status);
    if (S_ISREG(status.st_mode)) kind_ = Kind::regular;
    if (S_ISFIFO(status.st_mode)) kind_ = Kind::pipe;
    if (S_ISSOCK(status.st_mode)) kind_ = Kind::socket;
    blocking_ = (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

basehttp::IoResult<std::size_t> DescriptorOutlet::write(std::string_view bytes) {
    switch (kind_) {
        case Kind::regular:
            return write_file(bytes);
        case Kind::pipe:
        case Kind::other:
            return write_lines(bytes);
        case Kind::socket:
            break;
    }
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return basehttp::io_failure("send");
    return static_cast<std::size_t>(sent);
}

std::optional<FileMark> DescriptorOutlet::mark() const {
    struct stat status {};
    if (kind_ != Kind::regular || ::fstat(fd_, &status) < 0) return std::nullopt;
    return FileMark{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size)};
}

// Where the disk is full in the middle of a line, that part is taken back: the line goes when there is room.
basehttp::IoResult<std::size_t> DescriptorOutlet::write_file(std::string_view bytes) {
    const ssize_t some = ::write(fd_, bytes.data(), bytes.size());
    if (some < 0) return basehttp::io_failure("write");
    const auto written = static_cast<std::size_t>(some);
    if (written == bytes.size()) return written;
    const std::size_t whole = bytes.substr(0, written).rfind('\n') + 1;
    struct stat status {};
    const auto part = static_cast<off_t>(written - whole);
    const bool taken_back =
        ::fstat(fd_, &status) == 0 && status.st_size >= part && ::ftruncate(fd_, status.st_size - part) == 0;
    if (!taken_back) return written;
    if (whole > 0) return whole;
    errno = ENOSPC;
    return basehttp::io_failure("write");
}

// Whole lines, as many as go in one piece.
basehttp::IoResult<std::size_t> DescriptorOutlet::write_lines(std::string_view bytes) {
    if (blocking_ && would_wait()) {
        errno = EAGAIN;
        return basehttp::io_failure("write");
    }
    std::size_t size = std::min<std::size_t>(bytes.size(), PIPE_BUF);
    const std::size_t whole = bytes.substr(0, size).rfind('\n') + 1;
    if (whole > 0) size = whole;
    // A line longer than that goes in parts.
    const ssize_t written = ::write(fd_, bytes.data(), size);
    if (written < 0) return basehttp::io_failure("write");
    return static_cast<std::size_t>(written);
}

// Standard output can be shared with others, who would not expect it to become non-blocking. Where it is writable at
// all, it takes PIPE_BUF bytes.
bool DescriptorOutlet::would_wait() const {
    pollfd ready{fd_, POLLOUT, 0};
    return ::poll(&ready, 1, 0) == 0;
}

}  // namespace basehttpd
