#include "basehttp/log/stderr_log.h"

#include <unistd.h>

namespace basehttp {

StderrLog::StderrLog() : format_(LogFormat::compile("combined").value()) {}

void StderrLog::access(const AccessRecord& record) {
    line_.clear();
    format_.append_line(line_, record);
    write_line();
}

void StderrLog::error(const ErrorRecord& record) {
    line_.clear();
    append_error_line(line_, record, "server");
    write_line();
}

void StderrLog::write_line() {
    // Nothing can be done, and nobody told, where standard error takes no more.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line_.data(), line_.size());
}

}  // namespace basehttp
