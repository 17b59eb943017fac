#include "daemon/master/worker_crew.h"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "daemon/process/stop_times.h"
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
      identity_(std::move(identity)),
      respawn_(context.processes, [this] { spawn_missing(); }) {
    for (const SiteConfig& site : config_.sites)
        context_.scoreboard.site_numbers().add(site_name(site));
}

void WorkerCrew::start(Callbacks callbacks, MissingRoots missing_roots) {
    callbacks_ = std::move(callbacks);
    missing_roots_ = missing_roots;
    // It may give up, and drain, before all are there.
    for (unsigned i = 0; i < config_.workers.count && !draining_; ++i)
        spawn();
    if (config_.workers.max_requests != 0) watch_requests();
}

void WorkerCrew::spawn() {
    const auto slot = free_slot();
    if (!slot) {
        fork_later("no slot of the scoreboard is free until an old worker leaves");
        return;
    }
    WorkerSlot& board = context_.scoreboard.slot(*slot);
    board.used = true;
    board.state = WorkerState::starting;
    board.accepting = false;
    board.counters.connections = 0;
    board.counters.busy = 0;
    board.heartbeat_ms = context_.processes.now_ms();
    board.own_memory = 0;
    board.in_flight.reset();
    context_.scoreboard.mend_ring(*slot, 0);
    const std::uint64_t written_before = board.ring.written();
    const auto worker = workers_.emplace(workers_.end(), context_.processes, *slot);
    if (auto forked = fork_worker(worker); !forked) {
        workers_.erase(worker);
        board.used = false;
        fork_later(forked.error().text());
        return;
    }
    respawn_.started();
    context_.scoreboard.count_start();
    board.pid = worker->child.pid();
    context_.scoreboard.owners(*slot).add(written_before, worker->child.pid());
    worker->requests_before = board.counters.requests;
    worker->max_requests = with_jitter(config_.workers.max_requests);
}

basehttp::IoResult<void> WorkerCrew::fork_worker(Iterator worker) {
    std::vector<int> keep = listeners_.fds();
    keep.insert(keep.end(), {context_.logger_wake, context_.accept_call});
    const auto body = [this, slot = worker->slot, master = ::getpid()](int channel) {
        context_.scoreboard.become_worker(slot);
        return run_worker({.config = config_,
                           .identity = identity_,
                           .scoreboard = context_.scoreboard,
                           .slot = slot,
                           .master = master,
                           .missing_roots = missing_roots_,
                           .fds = {listeners_.fds(), channel, context_.logger_wake, context_.accept_call}});
    };
    const auto lent = lend_to(*worker);
    if (!lent) {
        context_.scoreboard.hide_bulletin().value();
        return lent;
    }
    auto started =
        worker->child.start(std::move(keep), body, [this, worker](ChildProcess::End end) { on_end(worker, end); });
    context_.scoreboard.take_back_from_worker(worker->slot).value();
    context_.scoreboard.hide_bulletin().value();
    if (!started) return started;
    auto heard = worker->child.on_message([this, worker](char message) { on_message(worker, message); });
    if (!heard) [[maybe_unused]]
        const auto killed = worker->child.kill();
    return heard;
}

// What the master knows of everything is for those workers alone that show it.
basehttp::IoResult<void> WorkerCrew::lend_to(const WorkerProcess& worker) const {
    if (shows_status(config_)) {
        if (auto shown = context_.scoreboard.show_bulletin(); !shown) return shown;
    }
    return context_.scoreboard.lend_to_worker(worker.slot);
}

void WorkerCrew::on_message(Iterator worker, char message) {
    // A worker has nothing else to say, and that once: one that goes on talking would keep the master busy.
    if (message != message::kReady || std::exchange(worker->was_ready, true)) {
        condemn(*worker, "sends what no worker sends");
        return;
    }
    if (worker->state != WorkerProcess::State::starting) return;
    worker->state = WorkerProcess::State::serving;
    retire_replaced();
    recycle();
    if (!was_ready_) {
        was_ready_ = true;
        missing_roots_ = MissingRoots::serve_without;
        callbacks_.on_ready();
    }
}

void WorkerCrew::on_end(Iterator worker, ChildProcess::End end) {
    report(*worker, end);
    context_.scoreboard.release_slot(worker->slot);
    const bool was_ready = worker->state != WorkerProcess::State::starting;
    const bool killed = !is_own_doing(*worker, end.how);
    const bool young = !was_ready || end.young;
    const bool was_replaced = worker->replaced;
    workers_.erase(worker);
    if (!draining_) {
        if (was_replaced) return;
        if (killed) {
            replace_killed(was_ready);
        } else {
            replace(young);
        }
    } else if (workers_.empty()) {
        shutdown_timer_ = {};
        callbacks_.on_empty();
    }
}

void WorkerCrew::replace(bool died_young) {
    if (draining_) return;
    respawn_.count(died_young);
    const unsigned deaths = respawn_.young_deaths();
    if (config_.workers.crash_limit != 0 && deaths >= config_.workers.crash_limit && !has_proven_worker()) {
        callbacks_.on_gave_up();
        return;
    }
    ++missing_;
    const milliseconds delay = respawn_.delay();
    if (delay.count() > 0) {
        context_.log.error(
            Severity::warning,
            fmt::format("{} workers in a row crashed within a second of starting; the next one starts in {} ms",
                        deaths, delay.count()));
    }
    respawn_.schedule();
}

// What somebody else has killed says nothing of those to come. But the kernel that is out of memory may kill whatever
// starts: that is not tried without a pause.
void WorkerCrew::replace_killed(bool was_ready) {
    constexpr milliseconds kPause{100};
    ++missing_;
    respawn_.schedule(std::max(respawn_.delay(), was_ready ? milliseconds::zero() : kPause));
}

// Whether another worker serves that did not die young: as long as one does, the daemon is of use.
bool WorkerCrew::has_proven_worker() const {
    return std::ranges::any_of(workers_, [](const WorkerProcess& worker) {
        return worker.state == WorkerProcess::State::serving && !worker.child.young();
    });
}

// The system refuses a process: no fault of a worker, and over when it is over.
void WorkerCrew::fork_later(const std::string& reason) {
    ++missing_;
    if (respawn_.retry())
        context_.log.error(Severity::error, "cannot fork a worker: " + reason + "; trying again every 500 ms");
}

void WorkerCrew::spawn_missing() {
    for (unsigned left = std::exchange(missing_, 0); left > 0 && !draining_; --left)
        spawn();
}

void WorkerCrew::retire() {
    if (draining_) return;
    const milliseconds until_last = std::max(config_.shutdown_timeout - kLastMoment, milliseconds::zero());
    drain();
    shutdown_timer_ = context_.processes.after(until_last, [this] { close_idle(kLastMoment); });
}

void WorkerCrew::stop() {
    const milliseconds patience = std::min(kStopPatience, config_.shutdown_timeout);
    drain();
    shutdown_timer_ =
        context_.processes.after(patience, [this, patience] { close_idle(config_.shutdown_timeout - patience); });
}

void WorkerCrew::drain() {
    draining_ = true;
    missing_ = 0;
    respawn_.cancel();
    requests_timer_ = {};
    // The workers have theirs. A copy here would keep a port that the new configuration has given up.
    listeners_ = Listeners{};
    for (WorkerProcess& worker : workers_) {
        worker.child.tell(message::kRetire);
        if (worker.state < WorkerProcess::State::draining) worker.state = WorkerProcess::State::draining;
    }
    if (workers_.empty()) callbacks_.on_empty();
}

// Connections that had no further request in all the time go without a word; what remains is in the middle of one.
void WorkerCrew::close_idle(milliseconds left) {
    for (const WorkerProcess& worker : workers_)
        worker.child.tell(message::kStop);
    shutdown_timer_ = context_.processes.after(left, [this] { kill_late(); });
}

void WorkerCrew::kill_late() {
    const std::string late = fmt::format("{} workers have not finished within shutdown_timeout ({} ms) and ",
                                         workers_.size(), config_.shutdown_timeout.count());
    const auto killed = kill_all();
    context_.log.error(Severity::warning,
                       killed ? late + "are killed" : late + "were told to exit: " + killed.error().text());
}

void WorkerCrew::kill() {
    draining_ = true;
    missing_ = 0;
    respawn_.cancel();
    if (auto killed = kill_all(); !killed)
        context_.log.error(Severity::warning, "workers were told to exit: " + killed.error().text());
    if (workers_.empty()) callbacks_.on_empty();
}

// The error is the last one of those that could not be sent a signal.
basehttp::IoResult<void> WorkerCrew::kill_all() {
    basehttp::IoResult<void> all;
    for (WorkerProcess& worker : workers_) {
        if (auto killed = worker.child.kill(); !killed) all = killed;
        worker.state = WorkerProcess::State::killed;
    }
    return all;
}

void WorkerCrew::leave_behind() const {
    for (const WorkerProcess& worker : workers_) {
        context_.log.error(
            Severity::error,
            fmt::format("worker {} (pid {}) does not exit and is left running; it keeps its sockets until it exits",
                        worker.slot, worker.child.pid()));
    }
}

void WorkerCrew::hand_over(std::vector<Inheritance::Child>& workers) const {
    for (const WorkerProcess& worker : workers_)
        workers.push_back({worker.child.pid(), worker.child.channel()});
}

std::optional<std::size_t> WorkerCrew::free_slot() const {
    for (std::size_t i = 1; i < context_.scoreboard.size(); ++i) {
        if (!context_.scoreboard.slot(i).used) return i;
    }
    return std::nullopt;
}

}  // namespace basehttpd
