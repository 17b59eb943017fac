// LifeSigns: what a worker process lets its parent know through a pipe that all workers share: its pid, once it
// serves and from then on as often as the parent's watchdog wants. They stop when its loop does.
#pragma once

#include <unistd.h>

#include <chrono>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/timer.h"

namespace basehttp {

class LifeSigns {
  public:
    /// `pipe` does not block and stays the caller's. `interval`: 0 for a first sign alone.
    LifeSigns(EventLoop& loop, int pipe, std::chrono::milliseconds interval)
        : loop_(loop), pipe_(pipe), interval_(interval) {}

    void begin() {
        const pid_t pid = ::getpid();
        // A pipe that is full has signs enough.
        [[maybe_unused]] const ssize_t written = ::write(pipe_, &pid, sizeof pid);
        if (interval_.count() > 0) loop_.arm(next_, interval_);
    }

  private:
    EventLoop& loop_;
    int pipe_;
    std::chrono::milliseconds interval_;
    Timer next_{[this] { begin(); }};
};

}  // namespace basehttp
