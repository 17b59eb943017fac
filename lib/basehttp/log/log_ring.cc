#include "basehttp/log/log_ring.h"

#include <algorithm>
#include <cstring>

namespace basehttp {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "processes cannot share a lock");

namespace {

// The compiler does not know that somebody else writes there: without the fence it might read the ring's bytes again
// instead of the copy.
void copy_out(void* to, const std::byte* from, std::size_t size) {
    std::memcpy(to, from, size);
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

}  // namespace

void LogRing::put_head(std::uint64_t position, const RecordHead& head) {
    std::memcpy(written_.bytes + offset_of(position), &head, sizeof head);
}

bool LogRing::is_sound() const {
    const std::uint64_t head = written_.head.load(std::memory_order_relaxed);
    return head % kAlignment == 0 && head - released() <= kCapacity;
}

std::optional<std::span<std::byte>> LogRing::reserve(std::size_t size) {
    if (size > kLongestRecord) return std::nullopt;
    const std::size_t needed = footprint(size);
    std::uint64_t at = written_.head.load(std::memory_order_relaxed);
    const std::size_t before_end = kCapacity - offset_of(at);
    const std::size_t skipped = needed <= before_end ? 0 : before_end;
    const std::uint64_t used = at - taken_.tail.load(std::memory_order_acquire);
    // A ring that another process has spoilt takes nothing more.
    if (at % kAlignment != 0 || used > kCapacity || skipped + needed > kCapacity - used) return std::nullopt;
    if (skipped != 0) {
        put_head(at, {static_cast<std::uint32_t>(skipped - sizeof(RecordHead)), RecordKind::filler, 0});
        at += skipped;
    }
    reserved_at_ = at;
    reserved_payload_ = static_cast<std::uint32_t>(size);
    return std::span(written_.bytes + offset_of(at) + sizeof(RecordHead), size);
}

void LogRing::publish(RecordKind kind) {
    put_head(reserved_at_, {reserved_payload_, kind, written_.lost_accesses.load(std::memory_order_relaxed)});
    // Ordered before take_sleep_mark(): either this record is seen by mark_sleeping() or the mark is seen here.
    written_.head.store(reserved_at_ + footprint(reserved_payload_), std::memory_order_seq_cst);
}

void LogRing::count_lost(RecordKind kind) {
    if (kind == RecordKind::access) written_.lost_accesses.fetch_add(1, std::memory_order_relaxed);
    written_.lost.fetch_add(1, std::memory_order_relaxed);
}

std::optional<LogRing::Found> LogRing::find(std::uint64_t position) const {
    const std::uint64_t head = written_.head.load(std::memory_order_acquire);
    while (position != head) {
        const Found nonsense{RecordKind::filler, 0, 0, position, position};
        if (head - position > kCapacity || position % kAlignment != 0) return nonsense;
        RecordHead record;
        copy_out(&record, written_.bytes + offset_of(position), sizeof record);
        const std::size_t size = footprint(record.size);
        if (size > kCapacity - offset_of(position) || size > head - position) return nonsense;
        if (record.kind != RecordKind::filler) {
            if (record.size > kLongestRecord) return nonsense;
            return Found{record.kind, record.size, record.losses, position + sizeof record, position + size};
        }
        position += size;
    }
    return std::nullopt;
}

void LogRing::copy(const Found& record, std::span<std::byte> out) const {
    copy_out(out.data(), written_.bytes + offset_of(record.begin), std::min<std::size_t>(out.size(), record.size));
}

bool LogRing::mark_sleeping(std::uint64_t position) {
    const std::uint32_t sleep = (taken_.sleeps.load(std::memory_order_relaxed) + 1) | 1U;
    taken_.sleeps.store(sleep, std::memory_order_seq_cst);
    if (written_.head.load(std::memory_order_seq_cst) == position) return true;
    taken_.sleeps.store(sleep + 1, std::memory_order_seq_cst);
    return false;
}

}  // namespace basehttp
