#include "daemon/master/worker_crew.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/monotonic_clock.h"
#include "daemon/master/respawn_delay.h"
#include "daemon/process/child.h"
#include "daemon/worker/worker_start.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

// Up to a tenth more, so that workers of the same age do not leave together.
std::uint64_t with_jitter(std::uint64_t most) {
    static std::minstd_rand random{std::random_device{}()};
    return most == 0 ? 0 : most + std::uniform_int_distribution<std::uint64_t>(0, most / 10)(random);
}

}  // namespace

WorkerCrew::WorkerCrew(CrewContext context, Config config, Listeners listeners, std::optional<Identity> identity)
    : context_(context),
      config_(std::move(config)),
      listeners_(std::move(listeners)),
      identity_(std::move(identity)) {}

void WorkerCrew::start(Callbacks callbacks, MissingRoots missing_roots) {
    callbacks_ = std::move(callbacks);
    missing_roots_ = missing_roots;
    // It may give up, and drain, before all are there.
    for (unsigned i = 0; i < config_.workers.count && !draining_; ++i)
        spawn();
}

void WorkerCrew::spawn() {
    const auto slot = free_slot();
    auto channel = Channel::create();
    if (!slot || !channel) {
        fork_later(slot ? channel.error().text() : "no slot of the scoreboard is free until an old worker leaves");
        return;
    }
    WorkerSlot& board = context_.scoreboard.slot(*slot);
    board.state = WorkerState::starting;
    board.accepting = false;
    board.counters.connections = 0;
    board.counters.busy = 0;
    board.heartbeat_ms = basehttp::monotonic_ms();
    board.in_flight.reset();

    std::vector<int> keep = listeners_.fds();
    keep.insert(keep.end(), {channel->child_end.get(), context_.logger_wake, context_.accept_call});
    const pid_t master = ::getpid();
    const WorkerStart start{
        .config = config_,
        .identity = identity_,
        .scoreboard = context_.scoreboard,
        .slot = *slot,
        .master = master,
        .missing_roots = missing_roots_,
        .fds = {listeners_.fds(), channel->child_end.get(), context_.logger_wake, context_.accept_call}};
    const auto pid = fork_child(keep, [&start] { return run_worker(start); });
    if (!pid) {
        board.state = WorkerState::unused;
        fork_later(pid.error().text());
        return;
    }
    fork_refused_ = false;
    board.pid = *pid;
    WorkerProcess& worker = workers_.emplace_back();
    worker.pid = *pid;
    worker.slot = *slot;
    worker.started_ms = basehttp::monotonic_ms();
    worker.requests_before = board.counters.requests;
    worker.max_requests = with_jitter(config_.workers.max_requests);
    worker.channel = std::move(channel->master_end);
    watch(std::prev(workers_.end()));
}

void WorkerCrew::watch(Iterator worker) {
    worker->exit_source =
        context_.events.on_exit(worker->pid, [this, worker](ChildExit how) { on_exit(worker, how); });
    worker->channel_source =
        context_.events.on_io(worker->channel.get(), EPOLLIN, [this, worker](std::uint32_t) { on_message(worker); });
}

void WorkerCrew::on_message(Iterator worker) {
    char message = 0;
    const ssize_t got = ::recv(worker->channel.get(), &message, 1, MSG_DONTWAIT);
    if (got <= 0) {
        worker->channel_source = {};  // its end is seen by on_exit()
        return;
    }
    if (message != message::kReady || worker->state != WorkerProcess::State::starting) return;
    worker->state = WorkerProcess::State::serving;
    retire_replaced();
    if (!was_ready_) {
        was_ready_ = true;
        missing_roots_ = MissingRoots::serve_without;
        callbacks_.on_ready();
    }
}

void WorkerCrew::on_exit(Iterator worker, ChildExit how) {
    report(*worker, how);
    WorkerSlot& board = context_.scoreboard.slot(worker->slot);
    board.pid = 0;
    board.accepting = false;
    board.counters.connections = 0;
    board.state = WorkerState::unused;
    const bool served = worker->state != WorkerProcess::State::starting;
    const bool young = !served || basehttp::monotonic_ms() - worker->started_ms < kYoungMs;
    const bool was_replaced = worker->replaced;
    workers_.erase(worker);
    if (!draining_) {
        if (!was_replaced) replace(young);
    } else if (workers_.empty()) {
        shutdown_timer_ = {};
        callbacks_.on_empty();
    }
}

void WorkerCrew::replace(bool died_young) {
    if (draining_) return;
    deaths_in_a_row_ = died_young ? deaths_in_a_row_ + 1 : 0;
    if (config_.workers.crash_limit != 0 && deaths_in_a_row_ >= config_.workers.crash_limit && !has_proven_worker()) {
        callbacks_.on_gave_up();
        return;
    }
    ++missing_;
    const milliseconds delay = respawn_delay(deaths_in_a_row_);
    if (delay.count() > 0) {
        context_.log.error(Severity::warning, fmt::format("{} workers died young in a row; the next starts in {} ms",
                                                          deaths_in_a_row_, delay.count()));
    }
    respawn_timer_ = context_.events.after(delay, [this] { spawn_missing(); });
}

// Whether another worker serves that did not die young: as long as one does, the daemon is of use.
bool WorkerCrew::has_proven_worker() const {
    const std::int64_t now = basehttp::monotonic_ms();
    return std::ranges::any_of(workers_, [now](const WorkerProcess& worker) {
        return worker.state == WorkerProcess::State::serving && now - worker.started_ms >= kYoungMs;
    });
}

// The system refuses a process: no fault of a worker, and over when it is over.
void WorkerCrew::fork_later(const std::string& reason) {
    constexpr milliseconds kRetry{500};
    if (!std::exchange(fork_refused_, true)) {
        context_.log.error(Severity::error, "cannot fork a worker: " + reason + "; it is tried again twice a second");
    }
    ++missing_;
    respawn_timer_ = context_.events.after(kRetry, [this] { spawn_missing(); });
}

void WorkerCrew::spawn_missing() {
    for (unsigned left = std::exchange(missing_, 0); left > 0 && !draining_; --left)
        spawn();
}

void WorkerCrew::retire() {
    if (draining_) return;
    const milliseconds until_last = std::max(config_.shutdown_timeout - kLastMoment, milliseconds::zero());
    drain();
    shutdown_timer_ = context_.events.after(until_last, [this] { close_idle(kLastMoment); });
}

void WorkerCrew::stop() {
    const milliseconds patience = std::min(kStopPatience, config_.shutdown_timeout);
    drain();
    shutdown_timer_ =
        context_.events.after(patience, [this, patience] { close_idle(config_.shutdown_timeout - patience); });
}

void WorkerCrew::drain() {
    draining_ = true;
    missing_ = 0;
    respawn_timer_ = {};
    // The workers have theirs. A copy here would keep a port that the new configuration has given up.
    listeners_ = Listeners{};
    for (WorkerProcess& worker : workers_) {
        send_message(worker.channel.get(), message::kRetire);
        if (worker.state < WorkerProcess::State::draining) worker.state = WorkerProcess::State::draining;
    }
    if (workers_.empty()) callbacks_.on_empty();
}

// Connections that had no further request in all the time go without a word; what remains is in the middle of one.
void WorkerCrew::close_idle(milliseconds left) {
    for (const WorkerProcess& worker : workers_)
        send_message(worker.channel.get(), message::kStop);
    shutdown_timer_ = context_.events.after(left, [this] { kill_late(); });
}

void WorkerCrew::kill_late() {
    context_.log.error(Severity::warning,
                       fmt::format("{} workers are not done after shutdown_timeout ({} ms) and are killed",
                                   workers_.size(), config_.shutdown_timeout.count()));
    kill();
}

void WorkerCrew::kill() {
    draining_ = true;
    missing_ = 0;
    respawn_timer_ = {};
    for (WorkerProcess& worker : workers_) {
        send_signal(worker, SIGKILL);
        worker.state = WorkerProcess::State::killed;
    }
    if (workers_.empty()) callbacks_.on_empty();
}

void WorkerCrew::hand_over(std::vector<Inheritance::Child>& workers) const {
    for (const WorkerProcess& worker : workers_)
        workers.push_back({worker.pid, worker.channel.get()});
}

void WorkerCrew::send_signal(const WorkerProcess& worker, int signal) const {
    ::kill(worker.pid, signal);
}

std::optional<std::size_t> WorkerCrew::free_slot() const {
    for (std::size_t i = 1; i < context_.scoreboard.size(); ++i) {
        if (context_.scoreboard.slot(i).state == WorkerState::unused) return i;
    }
    return std::nullopt;
}

}  // namespace basehttpd
