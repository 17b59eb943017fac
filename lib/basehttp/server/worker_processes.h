// WorkerProcesses: the processes of an HttpServer that has several, as its parent sees them: it forks them, replaces
// those that end, and has them stop. Each holds the reading end of a pipe whose writing end only the parent has: its
// end of file means stop, and also comes when the parent is gone, so that no worker keeps the port.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <list>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/timer.h"
#include "basehttp/log/log.h"
#include "basehttp/server/stop_requests.h"

namespace basehttp {

class WorkerProcesses {
  public:
    /// What a worker does: serve until `stop_pipe` ends. Called in the child, which then ends without returning.
    using Work = std::function<void(int stop_pipe)>;

    /// `stop_timeout`: how long workers may take to stop before they are killed.
    WorkerProcesses(EventLoop& loop, Log& log, std::chrono::milliseconds stop_timeout, Work work);
    ~WorkerProcesses();
    WorkerProcesses(const WorkerProcesses&) = delete;
    WorkerProcesses& operator=(const WorkerProcesses&) = delete;

    /// Keeps `count` workers running until stop() and until the last has ended. Throws std::system_error if the first
    /// ones cannot be made.
    void run(unsigned count);

    void stop(Stop how);

  private:
    struct Worker final : EventTarget {
        explicit Worker(WorkerProcesses& owner) : processes(owner) {}
        void on_events(std::uint32_t) override { processes.on_end(*this); }

        WorkerProcesses& processes;
        pid_t pid = -1;
        UniqueFd end;  // a pidfd
        Clock::time_point started;
    };

    IoResult<void> start();
    [[noreturn]] void be_worker();
    void on_end(Worker& worker);
    void report(pid_t pid, int status);
    void replace();
    void kill_all();

    EventLoop& loop_;
    Log& log_;
    std::chrono::milliseconds stop_timeout_;
    Work work_;
    std::list<Worker> workers_;
    UniqueFd stop_reading_;
    UniqueFd stop_writing_;
    unsigned wanted_ = 0;
    Timer pause_{[this] { replace(); }};
    Timer patience_{[this] { kill_all(); }};
};

}  // namespace basehttp
