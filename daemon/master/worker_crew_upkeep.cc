// The crew's upkeep, once a second: who stands still, who is used up; and what is said of a death. See worker_crew.h.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/master/death_report.h"
#include "daemon/master/worker_crew.h"
#include "daemon/process/child.h"
#include "daemon/process/memory_meter.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

}  // namespace

// Whether a worker died of what it did. SIGKILL comes from outside, from an operator or from the kernel that is out
// of memory, and hits the request that is executed most: it says nothing of that one, unless the crew sent it.
bool WorkerCrew::is_own_doing(const WorkerProcess& worker, ChildExit how) {
    const bool killed = how.by_signal && how.value == SIGKILL;
    return !killed || worker.state == WorkerProcess::State::aborting || worker.state == WorkerProcess::State::killed;
}

// A heartbeat that is later than now, or so early that nobody can count the time since, is no heartbeat.
milliseconds WorkerCrew::silence(const WorkerProcess& worker) const {
    const std::int64_t heartbeat = context_.scoreboard.slot(worker.slot).heartbeat_ms.load();
    return milliseconds(context_.processes.now_ms() - std::max<std::int64_t>(heartbeat, 0));
}

void WorkerCrew::check_heartbeats() {
    constexpr std::int64_t kLastWordsMs = 500;
    const bool watched = config_.workers.watchdog.count() != 0;
    for (auto next = workers_.begin(); next != workers_.end();) {
        WorkerProcess& worker = *next++;
        if (worker.state == WorkerProcess::State::aborting) {
            if (context_.processes.now_ms() - worker.aborted_ms >= kLastWordsMs) kill(worker);
        } else if (worker.state >= WorkerProcess::State::aborting) {
            continue;
        } else if (const std::string_view lie = lie_of(worker); !lie.empty()) {
            condemn(worker, lie);
        } else if (watched && silence(worker) > config_.workers.watchdog) {
            abort(worker);
        }
    }
}

// What a worker that works cannot say.
std::string_view WorkerCrew::lie_of(const WorkerProcess& worker) const {
    if (context_.scoreboard.is_refused(worker.slot)) return "writes to its log ring what makes no sense";
    if (silence(worker) < milliseconds::zero()) return "has a heartbeat that is ahead of the clock";
    return {};
}

// It does not come to last words: whatever it says is worth nothing.
void WorkerCrew::condemn(WorkerProcess& worker, std::string_view why) {
    context_.log.error(Severity::critical, fmt::format("worker {} (pid {}) {}, and is killed: it is broken or "
                                                       "somebody else has taken it over",
                                                       worker.slot, worker.child.pid(), why));
    kill(worker);
    worker.state = WorkerProcess::State::killed;
}

// One that may not be sent a signal ends when its loop goes round again and finds the message; its place is taken
// now.
void WorkerCrew::abort(WorkerProcess& worker) {
    const WorkerSlot& board = context_.scoreboard.slot(worker.slot);
    const auto sent = worker.child.signal(SIGABRT);
    const std::string verdict =
        sent ? "is killed" : "cannot be killed: " + sent.error().text() + "; another takes its place";
    context_.log.error(
        Severity::error,
        fmt::format("worker {} (pid {}) has hung for longer than workers.watchdog ({} ms) and {}{}", worker.slot,
                    worker.child.pid(), config_.workers.watchdog.count(), verdict, work_of(board)));
    if (sent) {
        worker.state = WorkerProcess::State::aborting;
        worker.aborted_ms = context_.processes.now_ms();
        return;
    }
    const bool young = worker.state == WorkerProcess::State::starting || worker.child.young();
    worker.child.tell(message::kEnd);
    worker.state = WorkerProcess::State::hopeless;
    note_deadly(deadly_request(board));
    if (!draining_ && !std::exchange(worker.replaced, true)) replace(young);
}

bool WorkerCrew::alive(milliseconds longest_silence) const {
    return std::ranges::any_of(workers_, [&](const WorkerProcess& worker) {
        return worker.state == WorkerProcess::State::serving && silence(worker) <= longest_silence;
    });
}

// A busy worker has answered thousands of requests within a second.
void WorkerCrew::watch_requests() {
    constexpr milliseconds kInterval{50};
    recycle();
    requests_timer_ = context_.processes.after(kInterval, [this] { watch_requests(); });
}

void WorkerCrew::recycle() {
    if (draining_) return;
    const std::int64_t now = context_.processes.now_ms();
    for (WorkerProcess& worker : workers_) {
        if (worker.replaced && worker.state == WorkerProcess::State::draining && now >= worker.retire_until_ms) {
            kill(worker);
            worker.state = WorkerProcess::State::killed;
        }
    }
    const bool busy = missing_ > 0 || std::ranges::any_of(workers_, [](const WorkerProcess& worker) {
                          return worker.state == WorkerProcess::State::starting ||
                                 (worker.replaced && worker.state == WorkerProcess::State::serving);
                      });
    if (busy) return;
    const auto used_up = std::ranges::find_if(workers_, [this](WorkerProcess& worker) {
        return worker.state == WorkerProcess::State::serving && is_used_up(worker);
    });
    if (used_up == workers_.end()) return;
    used_up->replaced = true;
    spawn();
}

bool WorkerCrew::is_used_up(const WorkerProcess& worker) const {
    const std::uint64_t requests =
        context_.scoreboard.slot(worker.slot).counters.requests.load() - worker.requests_before;
    if (worker.max_requests != 0 && requests >= worker.max_requests) {
        context_.log.error(Severity::info, fmt::format("worker {} (pid {}) has answered {} requests and is replaced",
                                                       worker.slot, worker.child.pid(), requests));
        return true;
    }
    const std::uint64_t most = config_.workers.max_memory;
    const std::uint64_t memory = most == 0 ? 0 : own_memory(worker);
    if (most == 0 || memory <= most) return false;
    context_.log.error(
        Severity::warning,
        fmt::format("worker {} (pid {}) has {} KiB of private memory, more than workers.max_memory, and is "
                    "replaced",
                    worker.slot, worker.child.pid(), memory / 1024));
    return true;
}

// The kernel knows better than the worker, where it can be asked.
std::uint64_t WorkerCrew::own_memory(const WorkerProcess& worker) const {
    const std::uint64_t seen = MemoryMeter(worker.child.pid()).read();
    return seen != 0 ? seen : context_.scoreboard.slot(worker.slot).own_memory.load();
}

// The successor accepts: the one that it replaces accepts no more, serves those connected, and leaves.
void WorkerCrew::retire_replaced() {
    for (WorkerProcess& worker : workers_) {
        if (!worker.replaced || worker.state != WorkerProcess::State::serving) continue;
        worker.child.tell(message::kRetire);
        worker.state = WorkerProcess::State::draining;
        worker.retire_until_ms = context_.processes.now_ms() + config_.shutdown_timeout.count();
    }
}

void WorkerCrew::kill(WorkerProcess& worker) const {
    if (auto killed = worker.child.kill(); !killed) {
        context_.log.error(Severity::warning, fmt::format("worker {} (pid {}) was told to exit: {}", worker.slot,
                                                          worker.child.pid(), killed.error().text()));
    }
}

void WorkerCrew::report(const WorkerProcess& worker, ChildProcess::End end) const {
    const bool left = end.how.clean() && worker.state == WorkerProcess::State::draining;
    const bool killed =
        worker.state == WorkerProcess::State::killed || worker.state == WorkerProcess::State::hopeless;
    const Death death{.slot = worker.slot,
                      .pid = end.pid,
                      .how = end.how,
                      .before_ready = worker.state == WorkerProcess::State::starting,
                      .wanted = left || killed};
    const auto deadly = bury(death, {context_.scoreboard, config_, context_.logger_wake, context_.log});
    if (!death.wanted && is_own_doing(worker, end.how)) note_deadly(deadly);
}

void WorkerCrew::note_deadly(const std::optional<DeadlyRequest>& request) const {
    if (request) context_.poison.note(*request, config_.workers.poison_limit, context_.processes.now_ms());
}

void WorkerCrew::replace_passwords(const std::string& path, const std::string& text, int file) {
    for (AuthConfig* auth : auths_of(config_)) {
        if (auth->htpasswd == path) auth->text = text;
    }
    for (const WorkerProcess& worker : workers_)
        worker.child.give(message::kPasswords, path, file);
}

}  // namespace basehttpd
