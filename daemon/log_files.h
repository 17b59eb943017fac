// LogFiles: the open files and streams of all sinks, in the order of the configuration. Opened by the master, who may
// write where workers must not; the logger inherits them.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "basehttp/io/unique_fd.h"
#include "daemon/config.h"

namespace basehttpd {

struct LogFiles {
    std::vector<basehttp::UniqueFd> access;
    std::vector<basehttp::UniqueFd> error;

    /// Opens each sink for appending, files with mode 0640. The error is a sentence that names the file.
    static std::expected<LogFiles, std::string> open(const LogConfig& config);

    std::vector<int> fds() const;
};

}  // namespace basehttpd
