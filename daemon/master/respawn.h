// Respawn: when something that has ended is started again: at once after a single young death; where one dies young
// after the other, after 100 ms, doubling up to 30 s or what its owner bears; and half a second after a fork that
// failed. Owned by whoever starts the children again. Runs in the master.
#pragma once

#include <chrono>
#include <functional>

#include "daemon/master/processes.h"

namespace basehttpd {

/// What lives as long as this has proved that it can.
inline constexpr std::chrono::milliseconds kYoung{1000};

class Respawn {
  public:
    /// `start` is called when it is time.
    Respawn(Processes& processes, std::function<void()> start,
            std::chrono::milliseconds longest = std::chrono::seconds(30))
        : processes_(processes), start_(std::move(start)), longest_(longest) {}

    /// A child has ended on its own.
    void count(bool young) { young_deaths_ = young ? young_deaths_ + 1 : 0; }

    /// In a row.
    unsigned young_deaths() const { return young_deaths_; }

    /// How long after the last death the next is started.
    std::chrono::milliseconds delay() const;

    /// Starts after delay().
    void schedule() { schedule(delay()); }
    void schedule(std::chrono::milliseconds delay);

    /// Starts a while after the system had no room for another process or descriptor. True for the first time since
    /// started(): somebody should say so.
    bool retry();

    /// The start has succeeded.
    void started() { refused_ = false; }

    void cancel() { timer_ = {}; }

  private:
    Processes& processes_;
    std::function<void()> start_;
    std::chrono::milliseconds longest_;
    unsigned young_deaths_ = 0;
    bool refused_ = false;
    EventSource timer_;
};

}  // namespace basehttpd
