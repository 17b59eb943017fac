#include "basehttp/log/file_log.h"

#include <fcntl.h>

#include <stdexcept>
#include <system_error>
#include <utility>

namespace basehttp {
namespace {

LogFormat compile_or_throw(std::string_view format) {
    auto compiled = LogFormat::compile(format);
    if (!compiled) throw std::invalid_argument("log format: " + compiled.error().message);
    return std::move(*compiled);
}

UniqueFd open_or_throw(const std::string& file) {
    constexpr mode_t kMode = 0640;
    UniqueFd opened(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode));
    if (!opened) throw std::system_error(errno, std::generic_category(), file);
    return opened;
}

}  // namespace

FileLog::FileLog(std::string access_file, std::string_view format, std::string error_file)
    : LineLog(compile_or_throw(format)), access_file_(std::move(access_file)), error_file_(std::move(error_file)) {
    reopen();
}

void FileLog::reopen() {
    UniqueFd access = open_or_throw(access_file_);
    UniqueFd error = error_file_.empty() ? UniqueFd() : open_or_throw(error_file_);
    access_ = std::move(access);
    error_ = std::move(error);
    write_to(access_.get(), error_ ? error_.get() : STDERR_FILENO);
}

}  // namespace basehttp
