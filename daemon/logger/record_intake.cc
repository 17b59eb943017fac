#include "daemon/logger/record_intake.h"

#include <algorithm>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/error_record.h"

namespace basehttpd {
namespace {

using Item = RecordIntake::Item;

// 0 for what is no record: the logger drops it.
std::int64_t time_of(const Item& item) {
    switch (item.record.kind) {
        case basehttp::RecordKind::access:
            return basehttp::completion_of_record(item.bytes);
        case basehttp::RecordKind::error:
            return basehttp::time_of_error_record(item.bytes);
        case basehttp::RecordKind::filler:
            break;
    }
    return 0;
}

// What was completed after `now` waits for those of other rings that were looked at before. Times that lie further
// away are no times of this moment: somebody has set the clock.
bool is_of_next_round(std::int64_t time, std::int64_t now) {
    constexpr std::int64_t kSoonNs = 50'000'000;
    return time > now && time - now < kSoonNs;
}

bool comes_later(const Item& a, const Item& b) {
    return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.slot > b.slot;
}

}  // namespace

RecordIntake::RecordIntake(Scoreboard& scoreboard)
    : scoreboard_(scoreboard),
      memory_(std::make_unique_for_overwrite<std::byte[]>(kBatch + (scoreboard.size() + 1) *
                                                                       basehttp::LogRing::kLongestRecord)) {}

bool RecordIntake::fill(std::span<const LogProgress::Ring> rings) {
    items_.clear();
    first_.clear();
    at_ = 0;
    used_ = 0;
    const std::int64_t now = basehttp::wall_clock_ns();
    for (std::size_t slot = 0; slot < rings.size(); ++slot) {
        if (rings[slot].refused) continue;
        Item item{.slot = slot, .record = {}, .bytes = {}, .time_ns = 0};
        if (look(rings[slot].position, now, item)) first_.push_back(item);
    }
    std::ranges::make_heap(first_, comes_later);
    const std::size_t enough = used_ + kBatch;
    while (!first_.empty() && used_ < enough) {
        std::ranges::pop_heap(first_, comes_later);
        Item item = first_.back();
        first_.pop_back();
        // Mostly several in a row are of the same ring.
        for (;;) {
            items_.push_back(item);
            // Nothing is read behind what makes no sense.
            if (item.record.kind == basehttp::RecordKind::filler) break;
            const std::int64_t before = item.time_ns;
            if (!look(item.record.end, now, item)) break;
            item.time_ns = std::max(item.time_ns, before);
            if (used_ < enough && (first_.empty() || comes_later(first_.front(), item))) continue;
            first_.push_back(item);
            std::ranges::push_heap(first_, comes_later);
            break;
        }
    }
    return !first_.empty();
}

// Copies what is at `position` of the ring of the item's slot.
bool RecordIntake::look(std::uint64_t position, std::int64_t now, Item& item) {
    const basehttp::LogRing& ring = scoreboard_.slot(item.slot).ring;
    const auto record = ring.find(position);
    if (!record) return false;
    item.record = *record;
    item.bytes = copy(ring, *record);
    item.time_ns = time_of(item);
    return !is_of_next_round(item.time_ns, now);
}

std::span<const std::byte> RecordIntake::copy(const basehttp::LogRing& ring, const basehttp::LogRing::Found& record) {
    const std::span to(memory_.get() + used_, record.size);
    ring.copy(record, to);
    // Each copy begins where numbers may.
    constexpr std::size_t kAlignment = 16;
    used_ += (record.size + kAlignment - 1) & ~(kAlignment - 1);
    return to;
}

}  // namespace basehttpd
