// `basehttpctl logs`: reads the daemon's access logs, or others, for a person or a program. It speaks to no daemon.
#pragma once

#include <vector>

#include "daemon/ctl/logs/logs_options.h"
#include "daemon/ctl/logs/shows/standard_output.h"
#include "daemon/ctl/logs/sources/log_stream.h"
#include "daemon/ctl/logs/sources/reading_problems.h"

namespace basehttpd {

/// Does what the options ask for; the exit code.
int run_logs(const LogsOptions& options);

/// What `run_logs` gives each of its actions.
struct LogsTask {
    const LogsOptions& options;
    RecordFilter filter;
    std::vector<LogToRead> logs{};
    std::vector<std::string> unnumbered{};  ///< clauses: where requests may be whose numbers no log of these has
    std::vector<std::string> error_logs{};  ///< those that the configuration names
    ReadingProblems problems{};
};

/// Tells on standard error what could not be read, and what the filter could not see; 0, or kExitUnavailable where a
/// file, or no line at all, could be read.
int tell_problems(const LogsTask& task);

/// The same, once all is printed; kExitUnavailable also where it could not be written.
int finish_logs(const LogsTask& task, StandardOutput& output);

}  // namespace basehttpd
