#include "daemon/worker_start.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "daemon/child.h"
#include "daemon/crash_handler.h"
#include "daemon/exit_codes.h"
#include "daemon/process_title.h"
#include "daemon/ring_log.h"

namespace basehttpd {
namespace {

basehttp::IoResult<void> give_up_privileges(const std::optional<Identity>& identity) {
    if (identity) {
        if (auto became = become(*identity); !became) return became;
    }
    return forbid_new_privileges();
}

// A descriptor for each connection and one for the file it gets: more than the usual soft limit of 1024, and within
// the hard one nobody has to be asked.
void raise_descriptor_limit(std::size_t connections) {
    constexpr rlim_t kOther = 64;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    const rlim_t wanted = connections == 0 ? limit.rlim_max : rlim_t{2} * connections + kOther;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(wanted, limit.rlim_max));
    // Where it fails the worker serves with fewer, and says so when they run out.
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int run_worker(const WorkerStart& start) {
    set_process_title(fmt::format("worker {}", start.slot));
    RingLog log(start.scoreboard.slot(start.slot).ring, start.fds.logger_wake, {start.slot, ::getpid()},
                start.config.log.ring_wait);
    if (auto done = give_up_privileges(start.identity); !done) {
        log.error(basehttp::Severity::critical, done.error().text());
        return kExitUnavailable;
    }
    install_crash_handler(log);
    if (!die_with_parent(start.master)) return EXIT_FAILURE;
    raise_descriptor_limit(start.config.limits.connections);
    const auto sites = Sites::open(start.config, start.missing_roots);
    if (!sites) {
        log.error(basehttp::Severity::critical, sites.error());
        return kExitUnavailable;
    }
    for (const std::string& problem : sites->missing())
        log.error(basehttp::Severity::error, problem);
    return Worker(start.config, *sites, start.scoreboard, start.slot, start.fds).run();
}

}  // namespace basehttpd
