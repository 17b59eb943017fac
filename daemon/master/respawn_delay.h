// How soon something that has died is started again: at once after a single death; where one after the other dies
// young, after 100 ms, doubling up to 30 s. Used by the master.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace basehttpd {

/// What lives as long as this has proved that it can.
inline constexpr std::int64_t kYoungMs = 1000;

constexpr std::chrono::milliseconds respawn_delay(unsigned young_deaths_in_a_row) {
    constexpr std::chrono::milliseconds kFirst{100};
    constexpr std::chrono::milliseconds kLongest{30'000};
    constexpr unsigned kMostDoublings = 9;
    if (young_deaths_in_a_row < 2) return std::chrono::milliseconds::zero();
    return std::min(kLongest, kFirst * (1U << std::min(young_deaths_in_a_row - 2, kMostDoublings)));
}

}  // namespace basehttpd
