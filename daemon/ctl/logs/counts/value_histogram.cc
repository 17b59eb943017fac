#include "daemon/ctl/logs/counts/value_histogram.h"

#include <algorithm>
#include <cmath>

namespace basehttpd {

void ValueHistogram::add(std::int64_t value) {
    value = std::max<std::int64_t>(value, 0);
    ++counts_[Ranges::of(static_cast<std::uint64_t>(value))];
    ++count_;
    largest_ = std::max(largest_, value);
}

std::int64_t ValueHistogram::percentile(double fraction) const {
    if (count_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t range = 0; range < counts_.size(); ++range) {
        seen += counts_[range];
        if (seen >= std::max<std::uint64_t>(wanted, 1)) {
            return std::min(static_cast<std::int64_t>(Ranges::last_of(range)), largest_);
        }
    }
    return largest_;
}

}  // namespace basehttpd
