// TimeHistogram: how long requests took, in ranges, right to within an eighth. One thread counts; others may read.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "basehttp/log/value_ranges.h"

namespace basehttp {

/// What ranges of time there are.
struct TimeRanges {
    using Ranges = ValueRanges<3>;
    /// Times are counted in units of 2^10 ns, so that none has to be divided.
    static constexpr unsigned kUnitBits = 10;
    /// The last range has all from some two minutes on.
    static constexpr std::size_t kCount = Ranges::of(std::uint64_t{1} << 27U) + 1;

    using Counts = std::array<std::uint64_t, kCount>;

    static std::size_t of(std::int64_t nanoseconds) {
        const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0));
        return std::min(Ranges::of(time >> kUnitBits), kCount - 1);
    }

    /// Where a range ends, in seconds.
    static double end_of(std::size_t range) {
        constexpr double kUnit = double{1U << kUnitBits} / 1e9;
        return static_cast<double>(Ranges::last_of(range) + 1) * kUnit;
    }

    /// The time that `fraction` of all, 0 to 1, did not exceed, in seconds; 0 where there are none.
    static double percentile(const Counts& counts, double fraction) {
        std::uint64_t all = 0;
        for (const std::uint64_t count : counts)
            all += count;
        if (all == 0) return 0;
        const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(all)));
        std::uint64_t seen = 0;
        std::size_t range = 0;
        for (; range + 1 < kCount; ++range) {
            seen += counts[range];
            if (seen >= std::max<std::uint64_t>(wanted, 1)) break;
        }
        return end_of(range);
    }
};

class TimeHistogram {
  public:
    void add(std::int64_t nanoseconds) {
        std::atomic<std::uint64_t>& count = counts_[TimeRanges::of(nanoseconds)];
        count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    std::uint64_t count(std::size_t range) const { return counts_[range].load(std::memory_order_relaxed); }

  private:
    std::array<std::atomic<std::uint64_t>, TimeRanges::kCount> counts_{};
};

}  // namespace basehttp
