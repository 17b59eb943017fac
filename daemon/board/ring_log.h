// RingLog: the Log of a worker, and of the master: it copies records into the ring of a slot. The logger process is
// woken where it sleeps and as the ring becomes half full, and waited for only while the ring is full. A ring has one
// writer at a time: the master writes to a worker's only once that worker is dead.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "basehttp/log/log.h"
#include "basehttp/log/log_ring.h"

namespace basehttpd {

class RingLog final : public basehttp::Log {
  public:
    /// `wake_fd` is the eventfd that the logger sleeps on; `longest_wait` is how long a full ring may hold this
    /// process up, 0 for not at all.
    RingLog(basehttp::LogRing& ring, int wake_fd, std::chrono::milliseconds longest_wait);

    void access(const basehttp::AccessRecord& record) override;
    using Log::error;
    void error(const basehttp::ErrorRecord& record) override;
    std::uint64_t position() const override { return ring_.written(); }

    void set_longest_wait(std::chrono::milliseconds wait) { longest_wait_ = wait; }

  private:
    template <typename Record>
    void put(const Record& record, basehttp::RecordKind kind);
    std::optional<std::span<std::byte>> wait_for_room(std::size_t size);
    void wake_logger();
    bool has_become_half_full();

    basehttp::LogRing& ring_;
    int wake_fd_;
    std::chrono::milliseconds longest_wait_;
    bool half_full_ = false;
    bool losing_ = false;  // since the last wait was in vain: no further one until there is room again
};

}  // namespace basehttpd
