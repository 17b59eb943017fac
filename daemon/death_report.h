// The last words on a worker that has died: what the logs are told of it and of the requests that it took with it.
// Runs in the master, which trusts nothing of what it finds in the worker's slot.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "basehttp/log/log.h"
#include "daemon/poison_ledger.h"
#include "daemon/scoreboard.h"
#include "daemon/sd_event.h"

namespace basehttpd {

struct Death {
    std::size_t slot;
    pid_t pid;
    ChildExit how;
    bool before_ready;  ///< it never came to accept
    bool wanted;        ///< it left when told, or was killed on purpose
};

/// Writes to `errors` a line for the worker and one for each request that it was in the middle of, and to `accesses`
/// these requests' records. The request that it was executing when it died, if that is known.
std::optional<DeadlyRequest> report_death(const Death& death, const WorkerSlot& board, basehttp::Log& errors,
                                          basehttp::Log& accesses);

/// `, at work on "GET / HTTP/1.1" ...`, or nothing where the worker waits or nobody knows.
std::string work_of(const WorkerSlot& board);

}  // namespace basehttpd
