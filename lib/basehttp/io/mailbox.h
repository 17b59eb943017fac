// Mailbox: callbacks that other threads hand to an EventLoop's thread. Part of the loop. Its eventfd is opened for
// the first callback: who posts nothing pays nothing.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "basehttp/io/event_target.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

class EventLoop;

class Mailbox final : private EventTarget {
  public:
    explicit Mailbox(EventLoop& loop) : loop_(loop) {}

    /// From any thread. Throws std::system_error if the kernel has no descriptor left.
    void put(std::function<void()> callback);

    /// Forgets what was put and leaves the loop.
    void clear();

  private:
    void on_events(std::uint32_t events) override;
    void open();

    EventLoop& loop_;
    std::mutex mutex_;  // guards the rest
    UniqueFd wake_;
    std::vector<std::function<void()>> callbacks_;
};

}  // namespace basehttp
