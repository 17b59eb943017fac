// WorkerCrew: the workers of one configuration, kept at their number. The master has one crew that serves; a reload
// makes another, and the old one drains. Runs in the master.
//
// A worker that dies is replaced at once; where one after the other dies young, after a delay that doubles from 100
// ms to 30 s; and after `workers.crash_limit` such deaths without a good worker in between the crew gives up.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/log/log.h"
#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/config/missing_roots.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/listeners.h"
#include "daemon/master/poison_ledger.h"
#include "daemon/master/processes.h"
#include "daemon/master/respawn.h"
#include "daemon/master/worker_process.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

/// What all crews share; owned by the Master.
struct CrewContext {
    Processes& processes;
    Scoreboard& scoreboard;
    basehttp::Log& log;
    PoisonLedger& poison;
    int logger_wake;
    int accept_call;
};

class WorkerCrew {
  public:
    /// What the master wants to know; each is called from the event loop.
    struct Callbacks {
        std::function<void()> on_ready;    ///< the first worker accepts
        std::function<void()> on_gave_up;  ///< worker after worker died young
        std::function<void()> on_empty;    ///< the last worker is gone, after retire(), stop() or kill()
    };

    WorkerCrew(CrewContext context, Config config, Listeners listeners, std::optional<Identity> identity);
    WorkerCrew(const WorkerCrew&) = delete;
    WorkerCrew& operator=(const WorkerCrew&) = delete;

    /// Forks the workers. Until the first of them accepts `missing_roots` says what a folder is that they cannot
    /// open; those forked later serve without it, since one folder that went away is no reason to serve nothing.
    void start(Callbacks callbacks, MissingRoots missing_roots = MissingRoots::refuse);

    /// Workers accept no more, serve those connected and leave. A moment before shutdown_timeout is over connections
    /// that are idle are closed; what is left at its end is killed.
    void retire();

    /// Connections that are idle for a second more are closed, since whoever is just sending has sent by then; and
    /// what is left after shutdown_timeout is killed.
    void stop();

    /// Ends all workers now.
    void kill();

    /// Says which workers have not ended although they were killed, or told to exit where that is refused: the master
    /// leaves without them.
    void leave_behind() const;

    /// Kills workers whose loop stands still for longer than `workers.watchdog`, and those whose slot or ring says
    /// what none can. Four times a second.
    void check_heartbeats();

    /// Replaces workers that have reached `workers.max_requests` or `workers.max_memory`: one, and the next when that
    /// one's successor accepts. Once a second at least.
    void recycle();

    /// Whether a worker accepts whose loop has gone round within this time.
    bool alive(std::chrono::milliseconds longest_silence) const;

    /// Adds the workers to those that another binary shall go on with.
    void hand_over(std::vector<Inheritance::Child>& workers) const;

    /// The password file `path` holds `text` from now on; `file` has that, for the workers that run.
    void replace_passwords(const std::string& path, const std::string& text, int file);

    const Config& config() const { return config_; }
    const Listeners& listeners() const { return listeners_; }
    std::size_t size() const { return workers_.size(); }

  private:
    using Iterator = std::list<WorkerProcess>::iterator;

    void spawn();
    basehttp::IoResult<void> fork_worker(Iterator worker);
    basehttp::IoResult<void> lend_to(const WorkerProcess& worker) const;
    void on_message(Iterator worker, char message);
    void on_end(Iterator worker, ChildProcess::End end);
    static bool is_own_doing(const WorkerProcess& worker, ChildExit how);
    void replace(bool died_young);
    void replace_killed(bool was_ready);
    bool has_proven_worker() const;
    void fork_later(const std::string& reason);
    void spawn_missing();
    void watch_requests();
    bool is_used_up(const WorkerProcess& worker) const;
    std::uint64_t own_memory(const WorkerProcess& worker) const;
    void retire_replaced();
    void drain();
    void close_idle(std::chrono::milliseconds left);
    void kill_late();
    void abort(WorkerProcess& worker);
    std::string_view lie_of(const WorkerProcess& worker) const;
    void condemn(WorkerProcess& worker, std::string_view why);
    void kill(WorkerProcess& worker) const;
    basehttp::IoResult<void> kill_all();
    std::optional<std::size_t> free_slot() const;
    void report(const WorkerProcess& worker, ChildProcess::End end) const;
    void note_deadly(const std::optional<DeadlyRequest>& request) const;
    std::chrono::milliseconds silence(const WorkerProcess& worker) const;

    CrewContext context_;
    Config config_;
    Listeners listeners_;
    std::optional<Identity> identity_;
    Callbacks callbacks_;
    std::list<WorkerProcess> workers_;
    bool draining_ = false;
    bool was_ready_ = false;
    MissingRoots missing_roots_ = MissingRoots::refuse;
    unsigned missing_ = 0;  // to be forked when the delay is over
    Respawn respawn_;
    EventSource shutdown_timer_;
    EventSource requests_timer_;
};

}  // namespace basehttpd
