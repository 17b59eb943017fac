#include "daemon/log_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "basehttp/io/io_result.h"
#include "daemon/privileges.h"

namespace basehttpd {
namespace {

// Not through a symbolic link where we are root: the folder may be the workers' user's, who could point it anywhere.
// O_NONBLOCK: a FIFO that nobody reads is an error here, not a master that hangs.
basehttp::UniqueFd open_file(const std::string& path) {
    const int no_links = started_as_root() ? O_NOFOLLOW : 0;
    constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    return basehttp::UniqueFd(::open(path.c_str(), kFlags | no_links, 0640));
}

std::expected<basehttp::UniqueFd, std::string> open_sink(const SinkConfig& sink) {
    basehttp::UniqueFd fd;
    switch (sink.kind) {
        case SinkConfig::Kind::standard_output:
            fd.reset(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
            break;
        case SinkConfig::Kind::standard_error:
            fd.reset(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
            break;
        case SinkConfig::Kind::file:
            fd = open_file(sink.path);
            break;
    }
    if (fd) return fd;
    const basehttp::IoError error{errno, "open"};
    const bool link = error.code == ELOOP && started_as_root();
    return std::unexpected("log file " + sink.path + ": " +
                           (link ? "it is a symbolic link, which root does not follow here" : error.text()));
}

template <typename Sinks>
std::expected<std::vector<basehttp::UniqueFd>, std::string> open_all(const Sinks& sinks) {
    std::vector<basehttp::UniqueFd> opened;
    for (const auto& sink : sinks) {
        auto fd = open_sink(sink.sink);
        if (!fd) return std::unexpected(fd.error());
        opened.push_back(std::move(*fd));
    }
    return opened;
}

}  // namespace

std::expected<LogFiles, std::string> LogFiles::open(const LogConfig& config) {
    auto access = open_all(config.access);
    if (!access) return std::unexpected(access.error());
    auto error = open_all(config.error);
    if (!error) return std::unexpected(error.error());
    return LogFiles{std::move(*access), std::move(*error)};
}

std::vector<int> LogFiles::fds() const {
    std::vector<int> fds;
    for (const auto& fd : access)
        fds.push_back(fd.get());
    for (const auto& fd : error)
        fds.push_back(fd.get());
    return fds;
}

}  // namespace basehttpd
