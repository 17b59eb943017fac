// LogRing: the way of records from one worker to the logger, through memory that the master made and both map. One
// process writes, one reads. A record is there once head_ has moved past it; what a writer leaves half done when it
// dies is never seen, and what it finished survives it.
//
// The reader trusts nothing in the memory. It knows by itself how far it has read, and copies a record out before it
// looks at it, since the writer can change the bytes at any time.
//
// Records are 16-aligned and contiguous: size, kind, losses before it, payload. A filler record covers the rest of
// the ring where the next one does not fit before its end.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace basehttp {

enum class RecordKind : std::uint32_t { filler = 0, access = 1, error = 2 };

class LogRing {
  public:
    /// Bytes for records; a power of two.
    static constexpr std::size_t kCapacity = std::size_t{1} << 21U;

    /// The longest payload.
    static constexpr std::size_t kLongestRecord = std::size_t{96} * 1024;

    /// A record as it was found. Its payload is still the writer's: only copy() may touch it.
    struct Found {
        RecordKind kind;       ///< filler: the memory makes no sense up to `end`
        std::uint32_t size;    ///< of the payload, at most kLongestRecord
        std::uint64_t losses;  ///< access records that found no room, from the ring's beginning to this one
        std::uint64_t begin;   ///< of the payload
        std::uint64_t end;     ///< what release() takes
    };

    // The writer's side.

    /// Clears up after a writer that has died, whatever it wrote. Each writer calls it first.
    void take_over();

    /// Room for a record of `size` bytes, or nothing where the ring is full. The memory is zeroed or stale.
    std::optional<std::span<std::byte>> reserve(std::size_t size);

    /// Publishes the record that was reserved last.
    void publish(RecordKind kind);

    /// Where the next record will stand: what was published before it survives the writer.
    std::uint64_t written() const { return head_.load(std::memory_order_acquire); }

    /// Counts a record that found no room.
    void count_lost(RecordKind kind);

    /// True once after the reader went to sleep: it must be woken.
    bool take_sleep_mark() { return sleeping_.exchange(false, std::memory_order_seq_cst); }

    // The reader's side. `position` is how far it has read, from 0.

    /// The record at `position`, or nothing where there is none yet.
    std::optional<Found> find(std::uint64_t position) const;

    /// Copies the payload of what was found; `out` has its size.
    void copy(const Found& record, std::span<std::byte> out) const;

    /// Gives the room of all records before `position` back to the writer.
    void release(std::uint64_t position) { tail_.store(position, std::memory_order_release); }

    /// What was released last, if the writer has not changed it.
    std::uint64_t released() const { return tail_.load(std::memory_order_relaxed); }

    /// Asks to be woken by the next record. False: there are records already.
    bool mark_sleeping(std::uint64_t position);

    /// Records that found no room.
    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

  private:
    struct RecordHead {
        std::uint32_t size;  // of the payload
        RecordKind kind;
        std::uint64_t losses;
    };
    static constexpr std::size_t kAlignment = sizeof(RecordHead);

    static std::size_t offset_of(std::uint64_t position) { return position & (kCapacity - 1); }
    static std::size_t footprint(std::size_t payload) {
        return (sizeof(RecordHead) + payload + kAlignment - 1) & ~(kAlignment - 1);
    }
    void put_head(std::uint64_t position, const RecordHead& head);

    alignas(64) std::atomic<std::uint64_t> head_ = 0;  // written up to here, counted from the ring's beginning
    alignas(64) std::atomic<std::uint64_t> tail_ = 0;  // released up to here
    alignas(64) std::atomic<bool> sleeping_ = false;
    std::atomic<std::uint64_t> lost_ = 0;
    std::atomic<std::uint64_t> lost_accesses_ = 0;
    std::uint64_t reserved_at_ = 0;       // the writer's own
    std::uint32_t reserved_payload_ = 0;  // the writer's own
    alignas(64) std::byte bytes_[kCapacity];
};

}  // namespace basehttp
