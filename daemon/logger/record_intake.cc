#include "daemon/logger/record_intake.h"

#include <algorithm>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/error_record.h"

namespace basehttpd {
namespace {

// 0 for what is no record: the logger drops it.
std::int64_t time_of(const basehttp::LogRing::Record& record) {
    if (record.kind == basehttp::RecordKind::access) {
        const auto access = basehttp::decode_record(record.payload);
        return access ? access->completion_ns() : 0;
    }
    const auto error = basehttp::decode_error_record(record.payload);
    return error ? error->time_ns : 0;
}

// What was completed after `now` waits for those of other rings that were looked at before. Times that lie further
// away are no times of this moment: somebody has set the clock.
bool is_of_next_round(std::int64_t time, std::int64_t now) {
    constexpr std::int64_t kSoonNs = 50'000'000;
    return time > now && time - now < kSoonNs;
}

}  // namespace

void RecordIntake::fill(std::span<const LogProgress::Ring> rings) {
    items_.clear();
    at_ = 0;
    const std::int64_t now = basehttp::wall_clock_ns();
    for (std::size_t slot = 0; slot < rings.size(); ++slot)
        collect(slot, rings[slot].position, now);
    std::ranges::stable_sort(items_, {}, &Item::time_ns);
}

void RecordIntake::collect(std::size_t slot, std::uint64_t position, std::int64_t now) {
    basehttp::LogRing& ring = scoreboard_.slot(slot).ring;
    std::int64_t latest = 0;
    while (const auto record = ring.read(position)) {
        const std::int64_t time = time_of(*record);
        if (is_of_next_round(time, now)) break;
        // Never before what stands before it in its ring: a ring is read in its own order.
        latest = std::max(latest, time);
        items_.push_back({latest, slot, *record});
        position = record->end;
    }
}

}  // namespace basehttpd
