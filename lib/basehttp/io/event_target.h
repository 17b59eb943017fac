// EventTarget: what an EventLoop delivers a descriptor's events to.
#pragma once

#include <cstdint>

namespace basehttp {

class EventTarget {
  public:
    /// `events` are epoll's: EPOLLIN and so on. The target may remove and destroy itself or others in it.
    virtual void on_events(std::uint32_t events) = 0;

  protected:
    ~EventTarget() = default;
};

}  // namespace basehttp
