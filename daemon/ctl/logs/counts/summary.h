// Summary: what many requests have in common: counts, the most frequent of everything, durations, the course of time.
// In bounded memory. Filled record by record.
#pragma once

#include <array>
#include <cstdint>

#include "daemon/ctl/logs/counts/heavy_hitters.h"
#include "daemon/ctl/logs/counts/time_histogram.h"
#include "daemon/ctl/logs/counts/value_histogram.h"
#include "daemon/ctl/logs/lines/log_record.h"

namespace basehttpd {

struct Summary {
    void add(const LogRecord& record);

    static constexpr std::size_t kClasses = 10;  // by the first digit; 0: no response

    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    std::uint64_t cut_short = 0;
    std::int64_t first_us = INT64_MAX;
    std::int64_t last_us = INT64_MIN;
    std::array<std::uint64_t, kClasses> classes{};
    std::array<std::uint64_t, 1000> statuses{};
    HeavyHitters paths;
    HeavyHitters missing;  // paths that were answered with 404
    HeavyHitters clients;
    HeavyHitters agents;
    HeavyHitters referers;
    HeavyHitters hosts;
    ValueHistogram durations;
    TimeHistogram times;
};

}  // namespace basehttpd
