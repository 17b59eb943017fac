// WorkerProcesses: the processes of an HttpServer that has several, as its parent sees them: it forks them, replaces
// those that end or stand still, and has them stop. Each holds the reading end of a pipe whose writing end only the
// parent has: its end of file means stop, and also comes when the parent is gone, so that no worker keeps the port.
// Through another pipe they give signs of life: see LifeSigns. In memory that it shares with its parent each names
// the requests that it is in the middle of: where it dies, both logs are told of them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/timer.h"
#include "basehttp/log/log.h"
#include "basehttp/server/life_signs.h"
#include "basehttp/server/requests_in_flight.h"
#include "basehttp/server/stop_requests.h"

namespace basehttp {

class WorkerProcesses {
  public:
    /// What workers get beyond `stop_timeout` before they are killed.
    static constexpr std::chrono::seconds kGrace{5};

    struct Plan {
        unsigned count;
        std::chrono::milliseconds stop_timeout;  ///< how long workers may take to stop before they are killed
        std::chrono::milliseconds watchdog;      ///< how long one may give no sign of life; 0: as long as it likes
    };

    /// What a worker has of its parent.
    struct Ties {
        int stop_pipe;
        LifeSigns& signs;
        RequestsInFlight& in_flight;
    };

    /// What a worker does: give signs of life, name its requests and serve until `stop_pipe` ends. Called in the
    /// child, which then ends without returning.
    using Work = std::function<void(const Ties& ties)>;

    WorkerProcesses(EventLoop& loop, Log& log, Plan plan, Work work);
    ~WorkerProcesses();
    WorkerProcesses(const WorkerProcesses&) = delete;
    WorkerProcesses& operator=(const WorkerProcesses&) = delete;

    /// Keeps the workers running until stop() and until the last has ended; calls `on_ready` once each has given its
    /// first sign of life. Throws std::system_error if the first ones cannot be made, and std::runtime_error if one
    /// of them ends before that.
    void run(std::function<void()> on_ready);

    void stop(Stop how);

  private:
    struct Unmapping {
        void operator()(RequestsInFlight* table) const;
    };
    struct Worker final : EventTarget {
        explicit Worker(WorkerProcesses& owner) : processes(owner) {}
        void on_events(std::uint32_t) override { processes.on_end(*this); }

        WorkerProcesses& processes;
        pid_t pid = -1;
        UniqueFd end;  // a pidfd
        std::unique_ptr<RequestsInFlight, Unmapping> in_flight;
        Clock::time_point started;
        std::optional<Clock::time_point> heard;  // when it gave its latest sign of life
        bool aborted = false;
    };
    struct Signs final : EventTarget {
        explicit Signs(WorkerProcesses& owner) : processes(owner) {}
        void on_events(std::uint32_t) override { processes.hear(); }
        WorkerProcesses& processes;
    };

    struct Pipe {
        UniqueFd reading;
        UniqueFd writing;
    };

    static Pipe make_pipe(int flags);
    IoResult<void> start();
    static IoResult<std::unique_ptr<RequestsInFlight, Unmapping>> share_table();
    [[noreturn]] void be_worker(RequestsInFlight& in_flight);
    void on_end(Worker& worker);
    static std::string text_of(pid_t pid, int status);
    void report(const Worker& worker, int status);
    void hear();
    void note_ready();
    std::chrono::milliseconds interval() const;
    void look_for_silence();
    void end_silent(Worker& worker);
    void replace();
    void kill_all();

    EventLoop& loop_;
    Log& log_;
    Plan plan_;
    Work work_;
    std::function<void()> on_ready_;  // until it was called
    std::string start_failure_;
    std::list<Worker> workers_;
    Pipe stop_;
    Pipe life_;
    Signs signs_{*this};
    unsigned wanted_ = 0;
    Clock::time_point looked_{};  // for silent ones, the last time
    Timer pause_{[this] { replace(); }};
    Timer patience_{[this] { kill_all(); }};
    Timer look_{[this] { look_for_silence(); }};
};

}  // namespace basehttp
