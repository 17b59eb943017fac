// Showing logs line by line: `basehttpctl logs`, and with -f as they grow.
#pragma once

#include "daemon/ctl/logs/logs_command.h"

namespace basehttpd {

/// Shows the lines that the filter lets through; those of several configured logs in order of time. The exit code.
int show_logs(LogsTask& task);

/// Shows the last lines, then each new one, until it is interrupted or nobody reads any more. The exit code.
int follow_logs(LogsTask& task);

}  // namespace basehttpd
