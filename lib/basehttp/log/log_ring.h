// LogRing: the way of records from one worker to the logger, through memory that the master made and both map. One
// process writes, one reads. A record is there once `head` has moved past it; what a writer leaves half done when it
// dies is never seen, and what it finished survives it.
//
// The memory has two parts, each with one process that writes it; the other one may map it without the right to
// write. The LogRing itself is each process's own.
//
// The reader trusts nothing that the writer wrote. It knows by itself how far it has read, and copies a record out
// before it looks at it, since the writer can change the bytes at any time.
//
// Records are 16-aligned and contiguous: size, kind, losses before it, payload. A filler record covers the rest of
// the ring where the next one does not fit before its end.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

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
        RecordKind kind;       ///< filler: the memory makes no sense from here on
        std::uint32_t size;    ///< of the payload, at most kLongestRecord
        std::uint64_t losses;  ///< access records that found no room, from the ring's beginning to this one
        std::uint64_t begin;   ///< of the payload
        std::uint64_t end;     ///< what release() takes
    };

    /// What the writer writes.
    struct Written {
        alignas(64) std::atomic<std::uint64_t> head = 0;  ///< so far, counted from the ring's beginning
        std::atomic<std::uint64_t> lost = 0;
        std::atomic<std::uint64_t> lost_accesses = 0;
        alignas(64) std::byte bytes[kCapacity];
    };

    /// What the reader writes.
    struct Taken {
        alignas(64) std::atomic<std::uint64_t> tail = 0;  ///< released up to here
        std::atomic<std::uint32_t> sleeps = 0;            ///< odd while it sleeps, and each time another one
        std::atomic<std::uint32_t> refused = 0;           ///< which writer's records made no sense: see refuse()
    };

    /// Both must outlive it.
    LogRing(Written& written, Taken& taken) : written_(written), taken_(taken) {}

    // The writer's side.

    Written& writers_part() { return written_; }

    /// Whether a writer can go on where the one before it stopped, whatever that wrote.
    bool is_sound() const;

    /// Drops what was not released. No reader may know of it: who calls this tells the reader where it goes on.
    void start_anew() { written_.head.store(released(), std::memory_order_release); }

    /// Room for a record of `size` bytes, or nothing where the ring is full. The memory is zeroed or stale.
    std::optional<std::span<std::byte>> reserve(std::size_t size);

    /// Publishes the record that was reserved last.
    void publish(RecordKind kind);

    /// Where the next record will stand: what was published before it survives the writer.
    std::uint64_t written() const { return written_.head.load(std::memory_order_acquire); }

    /// Counts a record that found no room.
    void count_lost(RecordKind kind);

    /// True once after the reader went to sleep: it must be woken.
    bool take_sleep_mark() {
        const std::uint32_t sleep = taken_.sleeps.load(std::memory_order_seq_cst);
        return sleep % 2 != 0 && sleep != std::exchange(ended_sleep_, sleep);
    }

    // The reader's side. `position` is how far it has read, from 0.

    /// The record at `position`, or nothing where there is none yet.
    std::optional<Found> find(std::uint64_t position) const;

    /// Copies the payload of what was found; `out` has its size.
    void copy(const Found& record, std::span<std::byte> out) const;

    /// Gives the room of all records before `position` back to the writer.
    void release(std::uint64_t position) { taken_.tail.store(position, std::memory_order_release); }

    /// What was released last.
    std::uint64_t released() const { return taken_.tail.load(std::memory_order_relaxed); }

    /// Says that what the writer of this number writes makes no sense, and is not read any more.
    void refuse(std::uint32_t writer) { taken_.refused.store(writer, std::memory_order_release); }
    std::uint32_t refused() const { return taken_.refused.load(std::memory_order_acquire); }

    /// Asks to be woken by the next record. False: there are records already.
    bool mark_sleeping(std::uint64_t position);

    /// Records that found no room.
    std::uint64_t lost() const { return written_.lost.load(std::memory_order_relaxed); }

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

    Written& written_;
    Taken& taken_;
    std::uint64_t reserved_at_ = 0;
    std::uint32_t reserved_payload_ = 0;
    std::uint32_t ended_sleep_ = 0;  // the last one of the reader's that this writer has ended
};

}  // namespace basehttp
