// EventLoop: epoll and deadlines. One a process; it owns nothing that it watches. Everything runs on its thread, and
// post() alone may be called from others.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>

#include "basehttp/io/deadline.h"
#include "basehttp/io/event_target.h"
#include "basehttp/io/io_result.h"
#include "basehttp/io/mailbox.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

class EventLoop {
  public:
    /// Throws std::system_error where the kernel has no descriptor left.
    EventLoop();

    /// Watches `fd` until remove(). `events` are epoll's flags, EPOLLET included where wanted. `target` must stay
    /// where it is until then.
    IoResult<void> add(int fd, std::uint32_t events, EventTarget& target);

    /// Makes what is ready now be reported again, edge-triggered or not.
    IoResult<void> rearm(int fd, std::uint32_t events, EventTarget& target);

    /// Stops watching; no event that was already received is delivered to `target` after this.
    void remove(int fd, EventTarget& target);

    /// Arms `deadline` to call back `timeout` from now.
    void arm(Deadline& deadline, std::chrono::milliseconds timeout) { deadlines_.arm(deadline, timeout, now_); }

    /// Has `callback` called on the loop's thread, in one of its next rounds; from any thread. It must not throw.
    void post(std::function<void()> callback) { mailbox_.put(std::move(callback)); }

    /// Makes the loop this process's own after fork(2), since the copies of a loop share what they watch. Nothing is
    /// watched afterwards, and what was posted is forgotten; deadlines stay. Throws as the constructor does.
    void renew();

    /// The time at which the current round of events was received.
    Clock::time_point now() const { return now_; }

    /// Delivers events until stop(). SIGPIPE is blocked in this thread meanwhile.
    void run();

    /// One round: waits for events or a deadline, `at_most` if given, and delivers what there is.
    void run_once(std::chrono::milliseconds at_most = std::chrono::milliseconds::max());

    /// Lets run() return after the current round.
    void stop() { stopped_ = true; }

  private:
    IoResult<void> control(int operation, int fd, std::uint32_t events, EventTarget& target);
    int wait_milliseconds(std::chrono::milliseconds at_most) const;

    UniqueFd epoll_;
    Deadlines deadlines_;
    Clock::time_point now_;
    Mailbox mailbox_{*this};
    bool stopped_ = false;

    std::array<epoll_event, 128> events_{};
    int next_event_ = 0;
    int event_count_ = 0;
};

}  // namespace basehttp
