// The last words on a worker that has died: what the logs are told of it and of the requests that it took with it.
// Runs in the master, which trusts nothing of what it finds in the worker's slot.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "basehttp/log/log.h"
#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/master/child_exit.h"
#include "daemon/master/poison_ledger.h"
#include "daemon/master/site_names.h"

namespace basehttpd {

struct Death {
    std::size_t slot;
    pid_t pid;
    ChildExit how;
    bool before_ready;  ///< it never came to accept
    bool wanted;        ///< it left when told, or was killed on purpose
};

/// Where it is told.
struct DeathLogs {
    basehttp::Log& errors;    ///< gets a line for the worker and one for each request that it was in the middle of
    basehttp::Log& accesses;  ///< gets these requests' records
    const SiteNames& sites;   ///< whose the requests were
};

/// The request that the worker was executing when it died, if that is known.
std::optional<DeadlyRequest> report_death(const Death& death, const WorkerSlot& board, const DeathLogs& logs);

/// What bury() works with.
struct DeathScene {
    Scoreboard& scoreboard;
    const Config& config;  ///< that the worker served
    int logger_wake;       ///< see RingLog
    basehttp::Log& errors;
};

/// Makes the ring of a dead worker good for the next one, and reports the death, with the requests' records in that
/// ring. Returns what report_death() does.
std::optional<DeadlyRequest> bury(const Death& death, const DeathScene& scene);

/// The request that a worker that stands still is at work on, if that is known.
std::optional<DeadlyRequest> deadly_request(const WorkerSlot& board);

/// `, working on "GET / HTTP/1.1" ...`, or nothing where the worker waits or nobody knows.
std::string work_of(const WorkerSlot& board);

}  // namespace basehttpd
