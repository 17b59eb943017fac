// SpareMemory: gives memory back to the system after a crowd of connections has left. What they grew stays with
// malloc and the pools otherwise, for as long as the process lives. Part of a ConnectionSet.
#pragma once

#include <cstddef>

#include "basehttp/io/event_loop.h"
#include "basehttp/server/exchange.h"

namespace basehttp {

class SpareMemory final : private Deadline {
  public:
    SpareMemory(EventLoop& loop, ExchangePool& exchanges) : loop_(loop), exchanges_(exchanges) {}

    /// So many connections are open now. Where they are half as many as they were, memory goes back a few seconds
    /// later.
    void note(std::size_t connections);

  private:
    bool crowd_has_left() const { return most_ >= kCrowd && now_ <= most_ / 2; }
    void on_deadline() override;

    static constexpr std::size_t kCrowd = 64;

    EventLoop& loop_;
    ExchangePool& exchanges_;
    std::size_t now_ = 0;
    std::size_t most_ = 0;  // since memory went back
};

}  // namespace basehttp
