// `basehttpctl logs verify`.
#pragma once

#include "daemon/ctl/logs/logs_command.h"

namespace basehttpd {

/// Exit code of a verification that found something.
inline constexpr int kExitFound = 1;

/// Looks for lines that are missing, doubled, torn or out of order; 0, kExitFound, or that of files that are not
/// readable.
int verify_logs(LogsTask& task);

}  // namespace basehttpd
