// ValueHistogram: percentiles of durations in bounded memory, right to within 2 %: values are counted in ranges whose
// width grows with them. Owned by a Summary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "basehttp/log/value_ranges.h"

namespace basehttpd {

class ValueHistogram {
  public:
    /// A negative value counts as 0.
    void add(std::int64_t value);

    std::uint64_t count() const { return count_; }
    std::int64_t largest() const { return largest_; }

    /// The value that `fraction` of all values do not exceed, 0 to 1. 0 where there are none.
    std::int64_t percentile(double fraction) const;

  private:
    using Ranges = basehttp::ValueRanges<6>;

    std::array<std::uint64_t, Ranges::of(~std::uint64_t{0}) + 1> counts_{};
    std::uint64_t count_ = 0;
    std::int64_t largest_ = 0;
};

}  // namespace basehttpd
