// LogRing: the way of records from one worker to the logger, through memory that the master made and both map. One
// process writes, one reads. A record is there once head_ has moved past it; what a writer leaves half done when it
// dies is never seen, and what it finished survives it. The reader trusts nothing that stands in the memory.
//
// Records are 8-aligned and contiguous: size, kind, payload. A filler record covers the rest of the ring where the
// next one does not fit before its end.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "basehttp/log/record_serial.h"

namespace basehttp {

enum class RecordKind : std::uint32_t { filler = 0, access = 1, error = 2 };

class LogRing {
  public:
    /// Bytes for records; a power of two.
    static constexpr std::size_t kCapacity = std::size_t{1} << 21U;

    struct Record {
        RecordKind kind;
        std::span<const std::byte> payload;
        std::uint64_t end;  ///< what release() takes
    };

    /// Names the life of this ring, before anything else uses it: what run() tells readers.
    void set_run(std::uint64_t run) { run_ = run; }
    std::uint64_t run() const { return run_; }

    // The writer's side.

    /// Clears up after a writer that may have died at any point. Each writer calls it first.
    void take_over() { serial_.take_over(head_.load(std::memory_order_relaxed)); }

    /// The serial of the access record that is published or counted as lost next, from 1.
    std::uint64_t next_serial() const { return serial_.count(head_.load(std::memory_order_relaxed)) + 1; }

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

    // The reader's side.

    /// The record at `position`, or nothing where there is none yet. Start at released().
    std::optional<Record> read(std::uint64_t position);

    /// Where the first record stands that was not released.
    std::uint64_t released() const { return tail_.load(std::memory_order_relaxed); }

    /// Gives the room of all records before `position` back to the writer.
    void release(std::uint64_t position) { tail_.store(position, std::memory_order_release); }

    /// Asks to be woken by the next record. False: there are records already.
    bool mark_sleeping();

    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

    /// Times the memory made no sense and what was unread had to be given up.
    std::uint64_t corruptions() const { return corruptions_; }

  private:
    struct RecordHead {
        std::uint32_t size;  // of the payload
        RecordKind kind;
    };

    static std::size_t offset_of(std::uint64_t position) { return position & (kCapacity - 1); }
    static std::size_t footprint(std::size_t payload);
    std::optional<Record> give_up(std::uint64_t head);
    void put_head(std::uint64_t position, RecordHead head);

    alignas(64) std::atomic<std::uint64_t> head_ = 0;  // written up to here, counted from the ring's beginning
    alignas(64) std::atomic<std::uint64_t> tail_ = 0;  // released up to here
    alignas(64) std::atomic<bool> sleeping_ = false;
    std::atomic<std::uint64_t> lost_ = 0;
    RecordSerial serial_;
    std::uint64_t run_ = 0;
    std::uint64_t corruptions_ = 0;       // the reader's own
    std::uint64_t reserved_at_ = 0;       // the writer's own
    std::uint32_t reserved_payload_ = 0;  // the writer's own
    alignas(64) std::byte bytes_[kCapacity];
};

}  // namespace basehttp
