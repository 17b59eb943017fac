#include "daemon/master/master.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "basehttp/handlers/open_beneath.h"
#include "basehttp/io/monotonic_clock.h"
#include "daemon/master/kept_logs.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/journal_stream.h"
#include "daemon/process/privileges.h"
#include "daemon/process/process_title.h"
#include "daemon/sandbox/sandbox.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

// How many seconds lie between two reports to the service manager.
constexpr unsigned kStatusTicks = 5;

}  // namespace

int Master::run(Config config, const std::string& config_file) {
    set_process_title("master");
    if (const auto refusal = sandbox_refusal(config.sandbox)) {
        complain(ServiceManager(), *refusal);
        return kExitUnavailable;
    }
    const auto inherited = Inheritance::take();
    auto resources = Resources::open(config, inherited);
    if (!resources) {
        for (const std::string& failure : resources.error())
            complain(ServiceManager(), failure);
        return kExitUnavailable;
    }
    return Master(std::move(config), config_file, std::move(*resources), inherited).supervise();
}

Master::Master(Config config, std::string config_file, Resources resources, std::optional<Inheritance> inherited)
    : resources_(std::move(resources)),
      traffic_(resources_.scoreboard, inherited ? inherited->counted : Inheritance::Counted{}),
      log_(resources_.scoreboard.slot(Scoreboard::kMasterSlot).ring, resources_.logger_wake.get(),
           longest_ring_wait(config)),
      poison_(resources_.scoreboard.quarantine(), log_),
      logger_(processes_, resources_.scoreboard, std::move(resources_.log_memory), log_,
              resources_.logger_wake.get()),
      crews_({processes_, resources_.scoreboard, log_, poison_, resources_.logger_wake.get(),
              resources_.accept_call.get()},
             std::move(config), std::move(resources_.listeners), resources_.logs.identity),
      status_({crews_, logger_, resources_.scoreboard, traffic_, poison_}, processes_.now_ms()),
      reload_({crews_, logger_, status_, service_manager_, log_}, config_file, [this] { on_reloaded(); }),
      upgrade_({processes_, crews_, logger_, reload_, traffic_, status_, service_manager_, log_},
               std::move(config_file), [this] { leave_when_alone(); }),
      inherited_(std::move(inherited)) {}

// There is no log yet, or no longer: standard error and the service manager's status are what a person looks at.
void Master::complain(const ServiceManager& service_manager, const std::string& text) {
    basehttpd::complain(Severity::error, "basehttpd: " + text);
    service_manager.status(text);
}

int Master::supervise() {
    keep_masters_capabilities();
    watch_signals();
    if (!start_logger()) return kExitUnavailable;
    start();
    return events_.run();
}

void Master::watch_signals() {
    sources_.push_back(events_.on_signal(SIGHUP, [this] { reload_.request(); }));
    sources_.push_back(events_.on_signal(SIGUSR1, [this] { reopen_logs(); }));
    sources_.push_back(events_.on_signal(SIGUSR2, [this] { upgrade_.request(); }));
    sources_.push_back(events_.on_signal(SIGTERM, [this] { stop(); }));
    sources_.push_back(events_.on_signal(SIGQUIT, [this] { stop(); }));
    sources_.push_back(events_.on_signal(SIGINT, [this] { stop_now(); }));
}

bool Master::start_logger() {
    LoggerSetup& logs = resources_.logs;
    if (const auto prepared = logger_.prepare(logs.plan, logs.identity); !prepared) {
        complain(service_manager_, "cannot make the logs' queues: " + prepared.error().text());
        return false;
    }
    logger_.use({std::move(logs.plan), std::move(logs.files), logs.identity, logs.sandbox});
    return true;
}

// Found out here once: the workers have the answer from the fork.
void Master::note_refused_calls() {
    const int refusal = basehttp::openat2_refusal();
    if (refusal == 0) return;
    log_.error(Severity::notice,
               fmt::format("openat2(2) is not permitted here ({}): the directories of a path are opened one by one, "
                           "which is slower; allow the call in the container's or the "
                           "service's system call filter",
                           std::generic_category().message(refusal)));
}

void Master::note_earlier_instance() {
    report_lost_workers(resources_.scoreboard, crews_.serving().config(), resources_.logger_wake.get(), log_);
    if (!resources_.lost_logs) return;
    log_.error(Severity::error,
               "all processes of an earlier instance had been killed; its last log lines are lost, because it was of "
               "another version or had room for fewer workers");
}

void Master::start() {
    note_earlier_instance();
    if (inherited_) upgrade_.adopt(*inherited_, resources_.logs.identity);
    log_.error(Severity::notice,
               fmt::format("basehttpd {} starts: {} workers on {}", BASEHTTPD_VERSION,
                           crews_.serving().config().workers.count, crews_.serving().listeners().text()));
    note_refused_calls();
    if (const std::string remark = sandbox_remark(crews_.serving().config().sandbox); !remark.empty())
        log_.error(Severity::notice, remark);
    // What an earlier binary served is gone on with.
    crews_.start({[this] { on_started(); }, [this] { on_crashed(); }, [this] { leave_when_alone(); }},
                 inherited_ ? MissingRoots::serve_without : MissingRoots::refuse);
    sources_.push_back(events_.every(milliseconds(250), [this] { check_heartbeats(); }));
    sources_.push_back(events_.every(milliseconds(1000), [this] { tick(); }));
    serve_watchdog();
    if (!inherited_) open_control();
}

void Master::check_heartbeats() {
    crews_.check_heartbeats();
    const bool hangs = logger_.check_heartbeat(crews_.serving().config().workers.watchdog);
    if (hangs && !stopping_ && !reload_.under_way()) service_manager_.status(status_.line());
}

// The service manager hears of this daemon as long as one worker can serve.
void Master::serve_watchdog() {
    constexpr milliseconds kLeast{2000};  // several heartbeats
    const auto interval = service_manager_.watchdog_interval();
    if (!interval) return;
    sources_.push_back(events_.every(*interval / 3, [this, longest = std::max(*interval, kLeast)] {
        if (stopping_ || crews_.serving().alive(longest)) service_manager_.watchdog();
    }));
}

void Master::on_started() {
    upgrade_.retire_predecessor();
    status_.publish(processes_.now_ms());
    if (inherited_) open_control();  // whoever waits for the upgrade finds this one ready
    service_manager_.ready(status_.line());
}

// What requests died of may be mended.
void Master::on_reloaded() {
    poison_.clear();
    status_.publish(processes_.now_ms());
    log_.set_longest_wait(longest_ring_wait(crews_.serving().config()));
}

void Master::on_crashed() {
    log_.error(
        Severity::critical,
        fmt::format("gave up: {} workers in a row crashed within a second of starting; the lines above say why",
                    crews_.serving().config().workers.crash_limit));
    complain(service_manager_, "gave up: workers crash as soon as they are started; the error log says why");
    exit_code_ = kExitGaveUp;
    stop_now();
}

void Master::reopen_logs(const Reply& reply) {
    const auto answer = [reply](int code, const std::string& text) {
        if (reply) reply({code, text});
    };
    if (stopping_) return answer(kExitUnavailable, "the daemon stops");
    logger_.reopen([this, answer](const std::vector<std::string>& problems) {
        for (const std::string& problem : problems)
            log_.error(Severity::error, "not reopened, the old file stays in use: " + problem);
        if (problems.empty()) {
            log_.error(Severity::notice, "the logs were reopened");
            return answer(0, "the logs were reopened");
        }
        answer(kExitUnavailable,
               fmt::format("{}not reopened, the old files stay in use:\n  {}",
                           problems.size() == 1 ? "" : "some logs were ", fmt::join(problems, "\n  ")));
    });
    reload_.reopen_logs();
}

void Master::tick() {
    crews_.recycle();
    if (!stopping_) passwords_.look();
    logger_.look_after_files();
    poison_.expire(basehttp::monotonic_ms());
    reap_orphan();
    traffic_.measure(basehttp::monotonic_ms());
    status_.publish(processes_.now_ms());
    if (++ticks_ % kStatusTicks != 0) return;
    if (!stopping_ && !reload_.under_way()) service_manager_.status(status_.line());
}

// The first process of a container inherits whatever others leave behind, and a shell that executes this program may
// have children. The master's own are reaped as they end: one that is still there at the next tick is a stranger.
void Master::reap_orphan() {
    siginfo_t ended{};
    ::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid != 0 && ended.si_pid == ended_child_)
        ::waitid(P_PID, static_cast<id_t>(ended.si_pid), &ended, WEXITED | WNOHANG);
    ended_child_ = ended.si_pid;
}

}  // namespace basehttpd
