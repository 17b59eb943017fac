#include "daemon/ctl/logs/shows/standard_output.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace basehttpd {
namespace {

constexpr std::size_t kBatch = 64 * 1024;

}  // namespace

// SIGPIPE would end the command without a word about the lines that it could not read.
StandardOutput::StandardOutput() {
    ::signal(SIGPIPE, SIG_IGN);
}

bool StandardOutput::write(std::string_view text) {
    if (!open_) return false;
    buffer_ += text;
    return buffer_.size() < kBatch || flush();
}

bool StandardOutput::flush() {
    std::string_view rest = buffer_;
    while (open_ && !rest.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {  // somebody who shares it has made it non-blocking
            pollfd ready{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            open_ = false;
            if (errno != EPIPE) error_ = "standard output: " + std::generic_category().message(errno);
        }
    }
    buffer_.clear();
    return open_;
}

}  // namespace basehttpd
