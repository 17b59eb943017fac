// LogProgress: how far the loggers have come in the rings, in shared memory. There are two states, and an epoch that
// says which one counts: a logger fills in the other one, here and in each sink's queue, and then changes the epoch.
// That one store makes records leave the rings and enter the queues; killed at any other moment, a logger leaves to
// the next one a state in which no record is missing and none is there twice.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/logs/repeat_folder.h"

namespace basehttpd {

class LogProgress {
  public:
    struct Ring {
        std::uint64_t position = 0;     ///< read so far
        std::uint64_t losses_told = 0;  ///< of records that the ring had no room for
        std::uint64_t accesses = 0;     ///< access records among those that were read
        std::uint64_t losses = 0;       ///< access records that the ring had no room for, before the last one read
        std::uint32_t owners = 0;       ///< of the ring, so many of which are known
        bool refused = false;           ///< the last of them writes what makes no sense
    };

    static std::size_t size_for(std::size_t slots) {
        return sizeof(LogProgress) + 2 * (slots * sizeof(Ring) + sizeof(RepeatFolder));
    }

    /// Makes one in zeroed shared memory of that size. The master does.
    static LogProgress& make(std::byte* memory) { return *new (memory) LogProgress; }
    static LogProgress& in(std::byte* memory) { return *reinterpret_cast<LogProgress*>(memory); }

    /// Which of the two states counts, and which one is to be filled in.
    unsigned version() const { return epoch_.load(std::memory_order_acquire) & 1U; }
    unsigned next_version() const { return 1U - version(); }

    void load(std::span<Ring> rings, RepeatFolder& folder) const;
    void prepare(std::span<const Ring> rings, const RepeatFolder& folder);

    /// All that was prepared counts.
    void commit() { epoch_.fetch_add(1, std::memory_order_acq_rel); }

    /// The logger's sign of life: one a round. The master looks whether the number changes.
    void beat() { beats_.fetch_add(1, std::memory_order_relaxed); }
    std::uint32_t beats() const { return beats_.load(std::memory_order_relaxed); }

  private:
    LogProgress() = default;

    std::byte* state(unsigned version, std::size_t slots) const;

    alignas(64) std::atomic<std::uint32_t> epoch_ = 0;
    std::atomic<std::uint32_t> beats_ = 0;
};

}  // namespace basehttpd
