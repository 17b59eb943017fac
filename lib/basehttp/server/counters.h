// Counters: what a server counts while it serves. In the daemon they stand in the scoreboard's shared memory, written
// by one worker and read by all.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "basehttp/server/time_histogram.h"

namespace basehttp {

/// Adds to a counter that only this thread writes: no locked instruction needed.
template <typename T>
void add_to(std::atomic<T>& counter, T amount) {
    counter.store(static_cast<T>(counter.load(std::memory_order_relaxed) + amount), std::memory_order_relaxed);
}

/// Answers by the first digit of their status.
class ResponseCounts {
  public:
    static constexpr std::size_t kClasses = 6;  ///< 0: no response was begun

    /// Counts an answer. A status has three digits, or is 0.
    void add(unsigned status) { add_to(classes_[status / 100 % kClasses], std::uint64_t{1}); }

    std::uint64_t of(std::size_t digit) const { return classes_[digit].load(std::memory_order_relaxed); }
    std::uint64_t server_errors() const { return of(5); }

  private:
    std::array<std::atomic<std::uint64_t>, kClasses> classes_{};
};

struct Counters {
    std::atomic<std::uint64_t> accepted = 0;     ///< connections
    std::atomic<std::uint64_t> refused = 0;      ///< connections beyond those that their client may have
    std::atomic<std::uint32_t> connections = 0;  ///< open now
    std::atomic<std::uint32_t> busy = 0;         ///< of these, in the middle of an exchange
    std::atomic<std::uint64_t> requests = 0;     ///< exchanges that have ended and were logged
    std::atomic<std::uint64_t> body_bytes = 0;   ///< sent
    std::atomic<std::uint64_t> duration_ns = 0;  ///< that exchanges took together
    ResponseCounts responses;                    ///< of the exchanges
    TimeHistogram times;                         ///< likewise
};

/// What is counted for one site alone.
struct SiteCounters {
    ResponseCounts responses;
    std::atomic<std::uint64_t> body_bytes = 0;
};

/// Counts one more in `counter` until end(), or until it is destroyed.
class CountedIn {
  public:
    explicit CountedIn(std::atomic<std::uint32_t>& counter) : counter_(&counter) { add_to(counter, 1U); }
    ~CountedIn() { end(); }
    CountedIn(const CountedIn&) = delete;
    CountedIn& operator=(const CountedIn&) = delete;

    void end() {
        if (counter_ != nullptr) add_to(*counter_, -1U);
        counter_ = nullptr;
    }

  private:
    std::atomic<std::uint32_t>* counter_;
};

}  // namespace basehttp
