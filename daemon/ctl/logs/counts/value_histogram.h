// ValueHistogram: percentiles of durations in bounded memory, right to within 2 %: values are counted in ranges whose
// width grows with them. Owned by a Summary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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
    // Each power of two is cut into so many ranges.
    static constexpr unsigned kBits = 6;
    static constexpr std::size_t kRanges = (64 - kBits + 1) << kBits;

    static std::size_t range_of(std::uint64_t value);
    static std::uint64_t last_of(std::size_t range);

    std::array<std::uint64_t, kRanges> counts_{};
    std::uint64_t count_ = 0;
    std::int64_t largest_ = 0;
};

}  // namespace basehttpd
