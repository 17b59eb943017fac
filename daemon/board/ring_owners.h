// RingOwners: which process has written what in the ring of a slot, from where on. The master adds a worker before it
// serves; the logger asks it whose a record is. It stands in the master's part of the scoreboard.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace basehttpd {

class RingOwners {
  public:
    /// From `position` of the ring on it is `pid` who writes.
    void add(std::uint64_t position, pid_t pid) {
        const std::uint32_t count = count_.load(std::memory_order_relaxed);
        Owner& owner = owners_[count % kKept];
        owner.from.store(position, std::memory_order_relaxed);
        owner.pid.store(pid, std::memory_order_relaxed);
        count_.store(count + 1, std::memory_order_release);
    }

    /// Who has written what is at `position`; 0 if that was too many owners ago.
    pid_t at(std::uint64_t position) const {
        const std::uint32_t count = count_.load(std::memory_order_acquire);
        for (std::uint32_t back = 1; back <= std::min(count, kKept); ++back) {
            const Owner& owner = owners_[(count - back) % kKept];
            if (owner.from.load(std::memory_order_relaxed) <= position)
                return owner.pid.load(std::memory_order_relaxed);
        }
        return 0;
    }

  private:
    static constexpr std::uint32_t kKept = 16;

    struct Owner {
        std::atomic<std::uint64_t> from = 0;
        std::atomic<pid_t> pid = 0;
    };

    std::atomic<std::uint32_t> count_ = 0;
    std::array<Owner, kKept> owners_{};
};

}  // namespace basehttpd
