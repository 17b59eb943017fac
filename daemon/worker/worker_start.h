// How a worker process begins: it becomes its user, gives up what it does not need, opens the sites as that user, and
// serves. Runs in the worker, right after the fork.
#pragma once

#include <sys/types.h>

#include <optional>

#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/process/privileges.h"
#include "daemon/worker/sites.h"
#include "daemon/worker/worker.h"

namespace basehttpd {

/// What a worker is made from; all of it was copied by the fork.
struct WorkerStart {
    const Config& config;
    const std::optional<Identity>& identity;
    Scoreboard& scoreboard;
    std::size_t slot;
    pid_t master;
    MissingRoots missing_roots;
    WorkerFds fds;
};

/// The worker's life. The exit code.
int run_worker(const WorkerStart& start);

}  // namespace basehttpd
