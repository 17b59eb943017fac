// What an instance that was killed with all its processes has left to the next one: rings and queues with lines that
// nobody has written, and workers that nobody has reported. The service manager keeps it (kept_files.h).
#pragma once

#include <vector>

#include "basehttp/log/log.h"
#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/master/kept_files.h"
#include "daemon/process/memory_files.h"

namespace basehttpd {

/// Whether an earlier instance has left any.
bool has_kept_logs(const std::vector<PassedFile>& passed);

/// The files in memory that come with `passed`, which loses them. Those that are made are kept, if `survives`. Where
/// `anew`, an earlier binary keeps its own under the same names: they are forgotten first.
MemoryFiles kept_memory(std::vector<PassedFile>& passed, bool survives, bool anew);

/// Tells of each worker that was killed and of the requests that it was in the middle of, and frees the slots.
void report_lost_workers(Scoreboard& scoreboard, const Config& config, int logger_wake, basehttp::Log& log);

}  // namespace basehttpd
