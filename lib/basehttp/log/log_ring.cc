#include "basehttp/log/log_ring.h"

#include <cstring>

namespace basehttp {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "processes cannot share a lock");

std::size_t LogRing::footprint(std::size_t payload) {
    return (sizeof(RecordHead) + payload + 7) & ~std::size_t{7};
}

void LogRing::put_head(std::uint64_t position, RecordHead head) {
    std::memcpy(bytes_ + offset_of(position), &head, sizeof head);
}

std::optional<std::span<std::byte>> LogRing::reserve(std::size_t size) {
    if (size > kCapacity) return std::nullopt;
    const std::size_t needed = footprint(size);
    std::uint64_t at = head_.load(std::memory_order_relaxed);
    const std::size_t before_end = kCapacity - offset_of(at);
    const std::size_t skipped = needed <= before_end ? 0 : before_end;
    const std::uint64_t used = at - tail_.load(std::memory_order_acquire);
    // A ring that another process has spoilt takes nothing more.
    if (at % 8 != 0 || used > kCapacity || skipped + needed > kCapacity - used) return std::nullopt;
    if (skipped != 0) {
        put_head(at, {static_cast<std::uint32_t>(skipped - sizeof(RecordHead)), RecordKind::filler});
        at += skipped;
    }
    reserved_at_ = at;
    reserved_payload_ = static_cast<std::uint32_t>(size);
    return std::span(bytes_ + offset_of(at) + sizeof(RecordHead), size);
}

void LogRing::publish(RecordKind kind) {
    put_head(reserved_at_, {reserved_payload_, kind});
    const std::uint64_t new_head = reserved_at_ + footprint(reserved_payload_);
    if (kind == RecordKind::access) serial_.add(head_.load(std::memory_order_relaxed), new_head);
    // Ordered before take_sleep_mark(): either this record is seen by mark_sleeping() or the mark is seen here.
    head_.store(new_head, std::memory_order_seq_cst);
}

void LogRing::count_lost(RecordKind kind) {
    lost_.fetch_add(1, std::memory_order_relaxed);
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    if (kind == RecordKind::access) serial_.add(head, head);
}

std::optional<LogRing::Record> LogRing::read(std::uint64_t position) {
    const std::uint64_t head = head_.load(std::memory_order_acquire);
    while (position != head) {
        const std::size_t before_end = kCapacity - offset_of(position);
        if (head - position > kCapacity || head - released() > kCapacity || position % 8 != 0) return give_up(head);
        RecordHead record;
        std::memcpy(&record, bytes_ + offset_of(position), sizeof record);
        const std::size_t size = footprint(record.size);
        if (size > before_end || size > head - position) return give_up(head);
        const std::span payload(bytes_ + offset_of(position) + sizeof record, record.size);
        position += size;
        if (record.kind != RecordKind::filler) return Record{record.kind, payload, position};
    }
    return std::nullopt;
}

// The writer went mad: what it has written so far is dropped, and counted.
std::optional<LogRing::Record> LogRing::give_up(std::uint64_t head) {
    ++corruptions_;
    release(head);
    return std::nullopt;
}

bool LogRing::mark_sleeping() {
    sleeping_.store(true, std::memory_order_seq_cst);
    if (head_.load(std::memory_order_seq_cst) == released()) return true;
    sleeping_.store(false, std::memory_order_seq_cst);
    return false;
}

}  // namespace basehttp
