#include "daemon/master/log_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/io_result.h"
#include "daemon/config/sink_name.h"
#include "daemon/process/descriptor_limit.h"
#include "daemon/process/privileges.h"
#include "daemon/process/umask.h"
#include "daemon/text/parent_folder.h"

namespace basehttpd {
namespace {

constexpr int kFlags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

constexpr int kFifoFlags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK;

bool is_fifo(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

// For its owner, and for a group that reads logs.
constexpr mode_t kLogMode = 0640;

// Not through a symbolic link where we are root: the folder may be the workers' user's, who could point it anywhere.
// One that is there is opened without O_CREAT: in a sticky folder like /tmp the kernel refuses that for another's
// file (proc(5), protected_regular). A FIFO that nobody reads yet is opened for reading, too: its lines wait for the
// reader.
basehttp::UniqueFd open_file(const std::string& path) {
    const int no_links = started_as_root() ? O_NOFOLLOW : 0;
    basehttp::UniqueFd there(::open(path.c_str(), kFlags | no_links));
    if (!there && errno == ENXIO && is_fifo(path)) there.reset(::open(path.c_str(), kFifoFlags | no_links));
    if (there || errno != ENOENT) return there;
    const Umask exact(0);
    return basehttp::UniqueFd(::open(path.c_str(), kFlags | O_CREAT | no_links, kLogMode));
}

// A pipe or a terminal is opened once more: O_NONBLOCK belongs to the description, which others share. Where that is
// not allowed, or it is a file or a socket, a copy does.
basehttp::UniqueFd open_stream(int stream) {
    struct stat status {};
    if (::fstat(stream, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode))) {
        basehttp::UniqueFd fd(::open(fmt::format("/proc/self/fd/{}", stream).c_str(), kFlags));
        if (fd) return fd;
    }
    return basehttp::UniqueFd(::fcntl(stream, F_DUPFD_CLOEXEC, 3));
}

}  // namespace

std::expected<LogFiles, std::string> LogFiles::open(const std::vector<SinkConfig>& sinks) {
    // In the midst of a reload and a reopen each is open three times; a thousand sites may have logs of their own.
    constexpr rlim_t kOther = 256;
    raise_descriptor_limit(3 * rlim_t{sinks.size()} + kOther);
    LogFiles opened;
    for (const SinkConfig& sink : sinks) {
        File& file = opened.files_.emplace_back();
        file.sink = sink;
        if (auto done = file.open(); !done) return std::unexpected(done.error());
    }
    return opened;
}

std::expected<void, std::string> LogFiles::File::open() {
    switch (sink.kind) {
        case SinkConfig::Kind::standard_output:
            fd = open_stream(STDOUT_FILENO);
            break;
        case SinkConfig::Kind::standard_error:
            fd = open_stream(STDERR_FILENO);
            break;
        case SinkConfig::Kind::file:
            fd = open_file(sink.path);
            break;
        case SinkConfig::Kind::syslog:
        case SinkConfig::Kind::journal:
        case SinkConfig::Kind::pipe:
            return {};
    }
    if (!fd) {
        const basehttp::IoError error{errno, "open"};
        const bool link = error.code == ELOOP && started_as_root();
        return std::unexpected("log file " + sink_name(sink) + ": " +
                               (link ? "it is a symbolic link, which root does not follow here" : error.text()));
    }
    note_folder();
    return {};
}

void LogFiles::File::note_folder() {
    struct stat status {};
    if (sink.kind != SinkConfig::Kind::file || ::stat(parent_folder(sink.path).c_str(), &status) < 0) return;
    folder_mode = status.st_mode & 07777;
    folder_owner = status.st_uid;
    folder_group = status.st_gid;
}

bool LogFiles::File::is_deleted() const {
    struct stat status {};
    return sink.kind == SinkConfig::Kind::file && ::fstat(fd.get(), &status) == 0 && status.st_nlink == 0;
}

LogFiles::File LogFiles::File::copy() const {
    File file;
    file.sink = sink;
    file.folder_mode = folder_mode;
    file.folder_owner = folder_owner;
    file.folder_group = folder_group;
    if (fd) file.fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
    return file;
}

std::expected<LogFiles::File, std::string> LogFiles::File::again() const {
    const bool deleted = is_deleted();
    if (deleted) make_folder();
    File file;
    file.sink = sink;
    if (auto opened = file.open(); !opened) return std::unexpected(opened.error());
    struct stat status {};
    if (!deleted || ::fstat(fd.get(), &status) < 0) return file;
    [[maybe_unused]] const int owned = ::fchown(file.fd.get(), status.st_uid, status.st_gid);
    ::fchmod(file.fd.get(), status.st_mode & 0777);
    return file;
}

// The folder itself as it was; those above it as anybody may read them. Where it cannot be made, opening the file
// says why.
void LogFiles::File::make_folder() const {
    const std::string folder = parent_folder(sink.path);
    std::error_code error;
    std::filesystem::create_directories(parent_folder(folder), error);
    if (::mkdir(folder.c_str(), 0700) < 0) return;
    const basehttp::UniqueFd made(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!made) return;
    [[maybe_unused]] const int owned = ::fchown(made.get(), folder_owner, folder_group);
    ::fchmod(made.get(), folder_mode);
}

LogFiles::Reopened LogFiles::reopen() const {
    return renew([](const File&) { return true; });
}

LogFiles::Reopened LogFiles::remake() const {
    return renew([](const File& file) { return file.is_deleted(); });
}

LogFiles::Reopened LogFiles::renew(bool (*wanted)(const File&)) const {
    Reopened result;
    for (const File& old : files_) {
        if (!wanted(old)) {
            result.files.files_.push_back(old.copy());
            continue;
        }
        const bool deleted = old.is_deleted();
        auto file = old.again();
        if (!file) result.problems.push_back(file.error());
        if (file && deleted) result.made.push_back(old.sink.path);
        result.files.files_.push_back(file ? std::move(*file) : old.copy());
    }
    return result;
}

bool LogFiles::any_deleted() const {
    return std::ranges::any_of(files_, &File::is_deleted);
}

std::vector<int> LogFiles::fds() const {
    std::vector<int> fds;
    for (const File& file : files_) {
        if (file.fd) fds.push_back(file.fd.get());
    }
    return fds;
}

}  // namespace basehttpd
