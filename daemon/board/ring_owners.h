// RingOwners: which process has written what in the ring of a slot, from where on. The master adds a worker before it
// serves, and again where it had to start the ring anew since what was written made no sense; the logger asks it
// whose a record is, and where it can go on. It stands in the master's part of the scoreboard.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace basehttpd {

class RingOwners {
  public:
    /// Whether the ring goes on where its head was, or at its tail.
    enum class Begin : std::uint8_t { at_head, anew };

    /// From `position` of the ring on it is `pid` who writes.
    void add(std::uint64_t position, pid_t pid, Begin begin = Begin::at_head) {
        const std::uint32_t count = count_.load(std::memory_order_relaxed);
        Owner& owner = owners_[count % kKept];
        owner.from.store(position, std::memory_order_relaxed);
        owner.pid.store(pid, std::memory_order_relaxed);
        owner.anew.store(begin == Begin::anew, std::memory_order_relaxed);
        count_.store(count + 1, std::memory_order_release);
    }

    /// How many there were; the number of the one that writes now.
    std::uint32_t count() const { return count_.load(std::memory_order_acquire); }

    /// Who has written what is at `position`; 0 if that was too many owners ago.
    pid_t at(std::uint64_t position) const {
        const Owner* const owner = find(position);
        return owner == nullptr ? 0 : owner->pid.load(std::memory_order_relaxed);
    }

    /// Where the one began that came after the writer of what is at `position`, if one did.
    std::optional<std::uint64_t> next_after(std::uint64_t position) const {
        std::optional<std::uint64_t> next;
        for_each([&](const Owner& owner) {
            const std::uint64_t from = owner.from.load(std::memory_order_relaxed);
            if (from > position) next = from;
            return from > position;
        });
        return next;
    }

    /// Where the one that writes now began.
    std::uint64_t last_from() const {
        std::uint64_t from = 0;
        for_each([&](const Owner& owner) {
            from = owner.from.load(std::memory_order_relaxed);
            return false;
        });
        return from;
    }

    /// Where the ring was started anew last, if that was after the first `known` owners.
    std::optional<std::uint64_t> begun_anew_since(std::uint32_t known) const {
        std::optional<std::uint64_t> from;
        std::uint32_t number = count();
        for_each([&](const Owner& owner) {
            if (number-- == known) return false;
            if (!owner.anew.load(std::memory_order_relaxed)) return true;
            from = owner.from.load(std::memory_order_relaxed);
            return false;
        });
        return from;
    }

  private:
    static constexpr std::uint32_t kKept = 16;

    struct Owner {
        std::atomic<std::uint64_t> from = 0;
        std::atomic<pid_t> pid = 0;
        std::atomic<bool> anew = false;
    };

    // From the last one back, as long as `visit` says so.
    template <typename Visit>
    void for_each(Visit visit) const {
        const std::uint32_t count = this->count();
        for (std::uint32_t back = 1; back <= std::min(count, kKept); ++back) {
            if (!visit(owners_[(count - back) % kKept])) return;
        }
    }

    const Owner* find(std::uint64_t position) const {
        const Owner* found = nullptr;
        for_each([&](const Owner& owner) {
            if (owner.from.load(std::memory_order_relaxed) <= position) found = &owner;
            return found == nullptr;
        });
        return found;
    }

    std::atomic<std::uint32_t> count_ = 0;
    std::array<Owner, kKept> owners_{};
};

}  // namespace basehttpd
