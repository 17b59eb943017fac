// `basehttpctl logs explain`.
#pragma once

#include "daemon/ctl/logs/logs_command.h"

namespace basehttpd {

/// Explains the line that was given, that of a request id, or each of standard input; the exit code.
int explain_lines(LogsTask& task);

}  // namespace basehttpd
