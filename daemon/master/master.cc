#include "daemon/master/master.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "basehttp/handlers/open_beneath.h"
#include "basehttp/io/monotonic_clock.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/journal_stream.h"
#include "daemon/process/process_title.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

// How many seconds lie between two reports to the service manager.
constexpr unsigned kStatusTicks = 5;

std::string render(const ListenError& error) {
    if (error.where.line == 0) return error.message;
    return fmt::format("{}:{}:{}: {}", error.where.file, error.where.line, error.where.column, error.message);
}

// Two crews must fit beside each other, and after a reload the new one may be larger.
std::size_t slots_for(const Config& config) {
    constexpr std::size_t kLeast = 64;
    return std::max<std::size_t>(kLeast, std::size_t{4} * config.workers.count);
}

}  // namespace

Master::Master(Config config, std::string config_file)
    : config_file_(std::move(config_file)), first_config_(std::move(config)) {}

// There is no log yet: standard error and the service manager's status are what a person looks at.
void Master::complain(const std::string& text) {
    basehttpd::complain(Severity::error, "basehttpd: " + text);
    service_manager_.status(text);
}

int Master::run() {
    watch_signals();
    if (!open_resources()) return kExitUnavailable;
    start();
    return events_.run();
}

void Master::watch_signals() {
    sources_.push_back(events_.on_signal(SIGHUP, [this] { reload(); }));
    sources_.push_back(events_.on_signal(SIGUSR1, [this] { reopen_logs(); }));
    sources_.push_back(events_.on_signal(SIGUSR2, [this] { upgrade(); }));
    sources_.push_back(events_.on_signal(SIGTERM, [this] { stop(); }));
    sources_.push_back(events_.on_signal(SIGQUIT, [this] { stop(); }));
    sources_.push_back(events_.on_signal(SIGINT, [this] { stop_now(); }));
}

// Everything that can be missing, before anything is started.
bool Master::open_resources() {
    set_process_title("master");
    logger_wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    accept_call_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    auto scoreboard = Scoreboard::create(slots_for(first_config_));
    if (!logger_wake_ || !accept_call_ || !scoreboard) {
        complain("cannot make what processes share: " + basehttp::io_failure("eventfd").error().text());
        return false;
    }
    scoreboard_.emplace(std::move(*scoreboard));
    traffic_.emplace(*scoreboard_, inherited_ ? inherited_->counted : Inheritance::Counted{});
    std::optional<Listeners> previous;
    if (inherited_) previous = Listeners::adopt(inherited_->listeners, inherited_->passed);
    auto listeners = Listeners::open(first_config_.listen, previous ? &*previous : nullptr);
    if (!listeners) {
        for (const ListenError& error : listeners.error())
            complain(render(error));
        return false;
    }
    first_listeners_.emplace(std::move(*listeners));
    LogPlan plan = LogPlan::of(first_config_);
    auto files = LogFiles::open(plan.sinks);
    if (!files) {
        complain(files.error());
        return false;
    }
    log_.emplace(scoreboard_->slot(Scoreboard::kMasterSlot).ring, logger_wake_.get(),
                 RingLog::Writer{Scoreboard::kMasterSlot, ::getpid()}, longest_ring_wait(first_config_));
    poison_.emplace(scoreboard_->quarantine(), *log_);
    auto identity = identity_of_children(first_config_);
    if (!identity) {
        complain(identity.error());
        return false;
    }
    first_identity_ = std::move(*identity);
    return start_logger({std::move(plan), std::move(*files), first_identity_});
}

bool Master::start_logger(LoggerSetup setup) {
    auto memory = LogMemory::create(scoreboard_->size());
    if (memory) logger_.emplace(processes_, *scoreboard_, std::move(*memory), *log_, logger_wake_.get());
    const auto prepared = memory ? logger_->prepare(setup.plan, setup.identity) : std::unexpected(memory.error());
    if (!prepared) {
        complain("cannot make the logs' queues: " + prepared.error().text());
        return false;
    }
    logger_->use(std::move(setup));
    return true;
}

// Who workers and logger become; nothing where this process could not change that anyway.
std::expected<std::optional<Identity>, std::string> Master::identity_of_children(const Config& config) {
    if (config.user.empty() || !started_as_root()) return std::nullopt;
    auto identity = find_identity(config.user, config.group);
    if (!identity) return std::unexpected(identity.error().message);
    return std::move(*identity);
}

// Found out here once: the workers have the answer from the fork.
void Master::note_refused_calls() {
    const int refusal = basehttp::openat2_refusal();
    if (refusal == 0) return;
    log_->error(Severity::notice,
                fmt::format("openat2(2) is refused here ({}): each folder on a file's path is opened by "
                            "itself, which is slower; allow the call in the container's or the "
                            "service's system call filter",
                            std::generic_category().message(refusal)));
}

void Master::start() {
    if (inherited_) adopt_predecessor();
    log_->error(Severity::notice, fmt::format("basehttpd {} starts: {} workers on {}", BASEHTTPD_VERSION,
                                              first_config_.workers.count, first_listeners_->text()));
    note_refused_calls();
    crew_ = make_crew(std::move(first_config_), std::move(*first_listeners_), first_identity_);
    first_listeners_.reset();
    // What an earlier binary served is gone on with.
    crew_->start({[this] { on_started(); }, [this] { on_crashed(); }, [this] { on_crew_gone(); }},
                 inherited_ ? MissingRoots::serve_without : MissingRoots::refuse);
    started_ms_ = last_look_ms_ = basehttp::monotonic_ms();
    sources_.push_back(events_.every(milliseconds(250), [this] { check_heartbeats(); }));
    sources_.push_back(events_.every(milliseconds(1000), [this] { tick(); }));
    serve_watchdog();
    if (!inherited_) open_control();
}

// The service manager hears of this daemon as long as one worker can serve.
void Master::serve_watchdog() {
    constexpr milliseconds kLeast{2000};  // several heartbeats
    const auto interval = service_manager_.watchdog_interval();
    if (!interval) return;
    sources_.push_back(events_.every(*interval / 3, [this, longest = std::max(*interval, kLeast)] {
        if (stopping_ || crew_->alive(longest)) service_manager_.watchdog();
    }));
}

std::unique_ptr<WorkerCrew> Master::make_crew(Config config, Listeners listeners,
                                              const std::optional<Identity>& identity) {
    const CrewContext context{processes_, *scoreboard_, *log_, *poison_, logger_wake_.get(), accept_call_.get()};
    return std::make_unique<WorkerCrew>(context, std::move(config), std::move(listeners), identity);
}

void Master::on_started() {
    if (predecessor_) predecessor_->retire(crew_->config().shutdown_timeout);
    if (inherited_) open_control();  // whoever waits for the upgrade finds this one ready
    service_manager_.ready(status_line());
}

void Master::on_crashed() {
    log_->error(Severity::critical,
                fmt::format("gave up: {} workers died young, one after the other; the lines above "
                            "say of what",
                            crew_->config().workers.crash_limit));
    complain("gave up: worker after worker died young; the error log says of what");
    exit_code_ = kExitGaveUp;
    stop_now();
}

void Master::reopen_logs(const Reply& reply) {
    const auto answer = [reply](int code, const std::string& text) {
        if (reply) reply({code, text});
    };
    if (stopping_) return answer(kExitUnavailable, "the daemon stops");
    logger_->reopen([this, answer](const std::vector<std::string>& problems) {
        for (const std::string& problem : problems)
            log_->error(Severity::error, "not reopened, the old file stays in use: " + problem);
        if (problems.empty()) {
            log_->error(Severity::notice, "the logs were reopened");
            return answer(0, "the logs were reopened");
        }
        answer(kExitUnavailable,
               fmt::format("{}not reopened, the old files stay in use:\n  {}",
                           problems.size() == 1 ? "" : "some logs were ", fmt::join(problems, "\n  ")));
    });
    if (reload_) reload_->files = reload_->files.reopen().files;  // they have been renamed meanwhile
}

void Master::tick() {
    crew_->recycle();
    logger_->look_after_files();
    poison_->expire(basehttp::monotonic_ms());
    reap_orphan();
    traffic_->measure(basehttp::monotonic_ms());
    if (++ticks_ % kStatusTicks != 0) return;
    if (!stopping_ && !reload_) service_manager_.status(status_line());
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

void Master::check_heartbeats() {
    constexpr std::int64_t kLateMs = 1000;
    constexpr std::int64_t kPatienceMs = 1000;
    const std::int64_t now = basehttp::monotonic_ms();
    // Where this process stood still itself, the whole machine or container may have: workers get time to beat again.
    if (now - std::exchange(last_look_ms_, now) >= kLateMs) patient_until_ms_ = now + kPatienceMs;
    if (now < patient_until_ms_) return;
    crew_->check_heartbeats();
    for (const auto& crew : retired_)
        crew->check_heartbeats();
    if (reload_) reload_->crew->check_heartbeats();
}

std::string Master::workers_text() const {
    return fmt::format("{} workers on {}", crew_->size(), crew_->listeners().text());
}

std::string Master::log_text() const {
    std::uint64_t lost = 0;
    for (std::size_t i = 0; i < scoreboard_->size(); ++i)
        lost += scoreboard_->slot(i).ring.lost();
    for (const SinkReport& sink : logger_->sinks())
        lost += sink.lost;
    return fmt::format("{} log lines lost{}", lost, last_verdict_);
}

std::string Master::status_line() const {
    return fmt::format("{}; {}, {}", workers_text(), traffic_->summary(), log_text());
}

}  // namespace basehttpd
