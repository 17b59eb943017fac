#include "basehttp/log/line_log.h"

#include <unistd.h>

namespace basehttp {

void LineLog::access(const AccessRecord& record) {
    line_.clear();
    format_.append_line(line_, record);
    write_line(access_);
}

void LineLog::error(const ErrorRecord& record) {
    line_.clear();
    append_error_line(line_, record, "server");
    write_line(error_);
}

void LineLog::write_line(int descriptor) {
    // Nothing can be done, and nobody told, if a log takes no more.
    [[maybe_unused]] const ssize_t written = ::write(descriptor, line_.data(), line_.size());
}

}  // namespace basehttp
