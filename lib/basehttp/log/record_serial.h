// RecordSerial: counts the access records of one ring, those that found no room included, so that a reader sees from
// a gap that one was lost. It stands in shared memory and counts right though its writer may be killed between any
// two instructions: a record counts if, and only if, the ring's head has moved past it.
//
// Two entries take turns. The one that is written says first that it is not valid; the other stands meanwhile. An
// entry is valid once the ring's head has reached the position that it names.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace basehttp {

class RecordSerial {
  public:
    /// How many there have been, where the ring's head is at `head`.
    std::uint64_t count(std::uint64_t head) const { return entries_[latest(head)].count.load(kRelaxed); }

    /// Counts one more, which is valid once the ring's head is at `valid_from`; it is at `head` now.
    void add(std::uint64_t head, std::uint64_t valid_from) {
        const std::size_t old = latest(head);
        Entry& entry = entries_[1 - old];
        entry.valid_from.store(kNever, std::memory_order_release);
        entry.count.store(entries_[old].count.load(kRelaxed) + 1, std::memory_order_release);
        entry.valid_from.store(valid_from, std::memory_order_release);
    }

    /// Forgets what a writer that has died had begun and not published; before another one writes.
    void take_over(std::uint64_t head) {
        for (Entry& entry : entries_) {
            if (entry.valid_from.load(kRelaxed) > head) entry.valid_from.store(kNever, std::memory_order_release);
        }
    }

  private:
    static constexpr auto kRelaxed = std::memory_order_relaxed;
    static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

    struct Entry {
        std::atomic<std::uint64_t> count = 0;
        std::atomic<std::uint64_t> valid_from = 0;
    };

    std::size_t latest(std::uint64_t head) const {
        const auto [first, second] = std::array{counted(entries_[0], head), counted(entries_[1], head)};
        return second > first ? 1 : 0;
    }

    // One more than the count of a valid entry, 0 of one that is not.
    static std::uint64_t counted(const Entry& entry, std::uint64_t head) {
        return entry.valid_from.load(kRelaxed) <= head ? entry.count.load(kRelaxed) + 1 : 0;
    }

    std::array<Entry, 2> entries_;
};

}  // namespace basehttp
