// Pause: awaitable time that nothing cuts short, for those who have no stream to wait on.
#pragma once

#include <chrono>
#include <coroutine>
#include <utility>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/timer.h"

namespace basehttp {

class Pause {
  public:
    /// `loop` must outlive it.
    Pause(EventLoop& loop, std::chrono::milliseconds time) : loop_(loop), time_(time) {}

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        waiter_ = waiter;
        loop_.arm(timer_, time_);
    }
    void await_resume() const {}

  private:
    EventLoop& loop_;
    std::chrono::milliseconds time_;
    std::coroutine_handle<> waiter_;
    Timer timer_{[this] { std::exchange(waiter_, nullptr).resume(); }};
};

}  // namespace basehttp
