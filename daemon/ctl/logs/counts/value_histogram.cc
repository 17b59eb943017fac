#include "daemon/ctl/logs/counts/value_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace basehttpd {

void ValueHistogram::add(std::int64_t value) {
    value = std::max<std::int64_t>(value, 0);
    ++counts_[range_of(static_cast<std::uint64_t>(value))];
    ++count_;
    largest_ = std::max(largest_, value);
}

// Values below 2^kBits have a range each; above, the leading kBits + 1 bits name the range.
std::size_t ValueHistogram::range_of(std::uint64_t value) {
    const unsigned width = static_cast<unsigned>(std::bit_width(value));
    if (width <= kBits) return value;
    const unsigned shift = width - kBits - 1;
    return ((std::size_t{shift} + 1) << kBits) + ((value >> shift) - (1U << kBits));
}

std::uint64_t ValueHistogram::last_of(std::size_t range) {
    const std::size_t group = range >> kBits;
    if (group == 0) return range;
    const unsigned shift = static_cast<unsigned>(group) - 1;
    const std::uint64_t leading = (1U << kBits) + (range & ((1U << kBits) - 1));
    return ((leading + 1) << shift) - 1;
}

std::int64_t ValueHistogram::percentile(double fraction) const {
    if (count_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t range = 0; range < counts_.size(); ++range) {
        seen += counts_[range];
        if (seen >= std::max<std::uint64_t>(wanted, 1)) {
            return std::min(static_cast<std::int64_t>(last_of(range)), largest_);
        }
    }
    return largest_;
}

}  // namespace basehttpd
