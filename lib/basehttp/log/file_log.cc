#include "basehttp/log/file_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>
#include <utility>

#include "basehttp/io/wall_clock.h"

namespace basehttp {
namespace {

LogFormat compile_or_throw(std::string_view format) {
    auto compiled = LogFormat::compile(format);
    if (!compiled) throw std::invalid_argument("log format: " + compiled.error().message);
    return std::move(*compiled);
}

// Whether `path` is another file than the open one by now, or none.
bool has_moved(const std::string& path, const struct stat& open) {
    struct stat now {};
    return ::stat(path.c_str(), &now) < 0 || now.st_ino != open.st_ino || now.st_dev != open.st_dev;
}

}  // namespace

FileLog::FileLog(std::string access_file, std::string_view format, std::string error_file)
    : LineLog(compile_or_throw(format)), access_file_(std::move(access_file)), error_file_(std::move(error_file)) {
    reopen();
}

void FileLog::reopen() {
    if (const auto opened = open_both(); !opened)
        throw std::system_error(opened.error().code, std::generic_category(), opened.error().operation);
}

IoResult<FileLog::File> FileLog::open(const std::string& path) {
    constexpr mode_t kMode = 0640;
    File file{UniqueFd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode))};
    if (!file.fd || ::fstat(file.fd.get(), &file.status) < 0) return io_failure("open a log file");
    return file;
}

IoResult<void> FileLog::open_both() {
    auto access = open(access_file_);
    auto error = error_file_.empty() ? IoResult<File>() : open(error_file_);
    if (!access) return std::unexpected(access.error());
    if (!error) return std::unexpected(error.error());
    access_ = std::move(*access);
    error_ = std::move(*error);
    write_to(access_.fd.get(), error_.fd ? error_.fd.get() : STDERR_FILENO);
    return {};
}

void FileLog::access(const AccessRecord& record) {
    keep_up(record.completion_ns());
    LineLog::access(record);
}

void FileLog::error(const ErrorRecord& record) {
    keep_up(record.time_ns);
    LineLog::error(record);
}

// What cannot be opened now is tried again in the next second; until then lines go where they went.
void FileLog::keep_up(std::int64_t time_ns) {
    const std::int64_t second = time_ns / kNanosecondsPerSecond;
    if (std::exchange(looked_, second) == second) return;
    if (has_moved(access_file_, access_.status) || (error_.fd && has_moved(error_file_, error_.status)))
        static_cast<void>(open_both());
}

}  // namespace basehttp
