#include "daemon/sinks/file_sink.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace basehttpd {

FileSink::Outcome FileSink::flush() {
    if (batch_.empty()) return failing_ ? Outcome::failing : Outcome::good;
    if (torn_) batch_.insert(0, "\n");
    const bool was_failing = failing_;
    failing_ = !write_batch();
    batch_.clear();
    if (failing_) return was_failing ? Outcome::failing : Outcome::began_to_fail;
    return was_failing ? Outcome::recovered : Outcome::good;
}

bool FileSink::write_batch() {
    std::size_t written = 0;
    while (written < batch_.size()) {
        const ssize_t some = ::write(fd_, batch_.data() + written, batch_.size() - written);
        if (some >= 0) {
            written += static_cast<std::size_t>(some);
            torn_ = torn_ && written == 0;
            continue;
        }
        if (errno == EINTR || (errno == EAGAIN && wait_until_writable())) continue;
        failure_ = errno;
        drop_unwritten(written);
        return false;
    }
    return true;
}

// A pipe or a terminal that takes no more: its reader gets a moment.
bool FileSink::wait_until_writable() const {
    constexpr int kLongestWaitMs = 1000;
    pollfd ready{fd_, POLLOUT, 0};
    if (::poll(&ready, 1, kLongestWaitMs) > 0) return true;
    errno = EAGAIN;
    return false;
}

// Counts what was not written, and takes back the part of a line that was.
void FileSink::drop_unwritten(std::size_t written) {
    const auto whole = written == 0 ? std::string::npos : batch_.rfind('\n', written - 1);
    const std::size_t kept = whole == std::string::npos ? 0 : whole + 1;
    lost_lines_ += static_cast<std::uint64_t>(
        std::count(batch_.begin() + static_cast<std::ptrdiff_t>(kept), batch_.end(), '\n'));
    if (written == kept) return;
    struct stat status {};
    const auto part = static_cast<off_t>(written - kept);
    const bool taken_back = ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= part &&
                            ::ftruncate(fd_, status.st_size - part) == 0;
    torn_ = !taken_back;
}

}  // namespace basehttpd
