// `basehttpctl logs summary`.
#pragma once

#include "daemon/ctl/logs/logs_command.h"

namespace basehttpd {

/// Sums up what the filter lets through; the exit code.
int summarize_logs(LogsTask& task);

}  // namespace basehttpd
