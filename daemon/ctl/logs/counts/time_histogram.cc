#include "daemon/ctl/logs/counts/time_histogram.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostSteps = 64 * 1024;
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86'400;

// Each divides the next. Up to a quarter of an hour they begin alike in every time zone.
constexpr std::array<std::int64_t, 8> kSteps{1, 10, 60, 300, 900, 3600, 86'400, 31'536'000};
constexpr std::array<std::int64_t, 13> kWidths{1,        10,   60,       300,       900,        3600,       3 * 3600,
                                               6 * 3600, kDay, 7 * kDay, 28 * kDay, 364 * kDay, 3640 * kDay};

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
    const std::int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

std::int64_t zone_offset(std::int64_t second) {
    std::tm local{};
    const std::time_t time = second;
    return ::localtime_r(&time, &local) == nullptr ? 0 : local.tm_gmtoff;
}

// Where the row of `width` begins that `second` is in.
std::int64_t row_start(std::int64_t second, std::int64_t width) {
    if (width < kHour) return floor_to(second, width);
    const std::int64_t local = floor_to(second + zone_offset(second), width);
    const std::int64_t start = local - zone_offset(second);
    return width >= kDay ? local - zone_offset(start) : start;  // midnight may have had another offset
}

std::int64_t next_start(std::int64_t start, std::int64_t width) {
    if (width < kDay) return start + width;
    return row_start(start + width + kDay / 2, width);  // a day has 23 to 25 hours
}

}  // namespace

void TimeHistogram::add(std::int64_t second, bool is_error) {
    const std::int64_t key = floor_to(second, step_) / step_;
    if (last_ == nullptr || key != last_key_) {
        if (counts_.size() >= kMostSteps && !counts_.contains(key)) {
            widen();
            add(second, is_error);
            return;
        }
        last_ = &counts_[key];
        last_key_ = key;
    }
    ++last_->requests;
    if (is_error) ++last_->errors;
}

void TimeHistogram::widen() {
    last_ = nullptr;
    const auto* const wider = std::ranges::upper_bound(kSteps, step_);
    const std::int64_t step = wider == kSteps.end() ? step_ * 10 : *wider;
    std::unordered_map<std::int64_t, Counts> old;
    std::swap(old, counts_);
    for (const auto& [key, counts] : old) {
        Counts& sum = counts_[floor_to(key * step_, step) / step];
        sum.requests += counts.requests;
        sum.errors += counts.errors;
    }
    step_ = step;
}

std::vector<TimeHistogram::Row> TimeHistogram::rows(std::size_t most) const {
    if (counts_.empty()) return {};
    std::map<std::int64_t, Counts> ordered;
    for (const auto& [key, counts] : counts_)
        ordered[key * step_] = counts;
    const std::int64_t first = ordered.begin()->first;
    const std::int64_t last = ordered.rbegin()->first;
    std::int64_t width = kWidths.back();
    for (const std::int64_t candidate : kWidths) {
        const std::int64_t rows = (last - row_start(first, candidate)) / candidate + 1;
        if (candidate < step_ || rows > static_cast<std::int64_t>(most)) continue;
        width = candidate;
        break;
    }
    while ((last - first) / width + 1 > static_cast<std::int64_t>(most))
        width *= 10;
    std::vector<Row> rows;
    for (std::int64_t start = row_start(first, width); start <= last && rows.size() <= most;) {
        const std::int64_t end = next_start(start, width);
        rows.push_back({start, end});
        start = end;
    }
    for (const auto& [second, counts] : ordered) {
        const auto row = std::ranges::upper_bound(rows, second, {}, &Row::end);
        if (row == rows.end()) continue;
        row->requests += counts.requests;
        row->errors += counts.errors;
    }
    return rows;
}

}  // namespace basehttpd
