#include "daemon/worker/worker_start.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "daemon/board/ring_log.h"
#include "daemon/process/child.h"
#include "daemon/process/crash_handler.h"
#include "daemon/process/descriptor_limit.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/process_title.h"
#include "daemon/sandbox/sandbox.h"
#include "daemon/status/status_view.h"

namespace basehttpd {
namespace {

// For each connection and for the file that it gets.
rlim_t descriptors_for(std::size_t connections) {
    constexpr rlim_t kOther = 64;
    return connections == 0 ? RLIM_INFINITY : rlim_t{2} * connections + kOther;
}

// False: this worker must not see a client.
bool shut_in(const WorkerStart& start, basehttp::Log& log) {
    const auto problems = enter_sandbox(start.config.sandbox, {.role = Role::worker,
                                                               .listeners = start.fds.listeners,
                                                               .readable = readable_folders(start.config),
                                                               .peers = origin_addresses(start.config)});
    for (const std::string& problem : problems)
        log.error(basehttp::Severity::error, problem);
    return problems.empty() || start.config.sandbox != SandboxMode::required;
}

// Whether the master has closed its end of the line, or says that this process is to end.
bool is_given_up(int channel) {
    char order = 0;
    const ssize_t got = ::recv(channel, &order, 1, MSG_DONTWAIT | MSG_PEEK);
    return got == 0 || (got == 1 && order == message::kEnd);
}

// The logger is to know whose a record is before there is one. The master says so right after the fork, if it can
// watch over this process; else it gives it up, and may not be able to kill it.
bool wait_for_assignment(const WorkerStart& start) {
    constexpr timespec kNap{0, 100'000};
    const std::uint64_t written_before = start.scoreboard.slot(start.slot).ring.written();
    while (start.scoreboard.owners(start.slot).at(written_before) != ::getpid()) {
        if (::getppid() != start.master || is_given_up(start.fds.channel)) return false;
        ::nanosleep(&kNap, nullptr);
    }
    return true;
}

}  // namespace

int run_worker(const WorkerStart& start) {
    set_process_title(fmt::format("worker {}", start.slot));
    if (!wait_for_assignment(start)) return EXIT_FAILURE;
    basehttp::LogRing& ring = start.scoreboard.slot(start.slot).ring;
    RingLog log(ring, start.fds.logger_wake, longest_ring_wait(start.config));
    if (auto done = give_up_privileges(start.identity); !done) {
        log.error(basehttp::Severity::critical, done.error().text());
        return kExitUnavailable;
    }
    install_crash_handler(log);
    if (!die_with_parent(start.master)) return EXIT_FAILURE;
    raise_descriptor_limit(descriptors_for(start.config.limits.connections));
    const StatusView status([&start] { return start.scoreboard.bulletin().read(); });
    auto sites = Sites::open(start.config, start.missing_roots, status);
    if (!sites) {
        log.error(basehttp::Severity::critical, sites.error());
        return kExitUnavailable;
    }
    for (const std::string& problem : sites->missing())
        log.error(basehttp::Severity::error, problem);
    Worker worker(start.config, *sites, start.scoreboard, start.slot, start.fds);
    if (!shut_in(start, log)) return kExitUnavailable;
    const int code = worker.run();
    sites->close_kept_connections();
    return code;
}

}  // namespace basehttpd
