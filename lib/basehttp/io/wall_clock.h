// The time of day, as logs and the Date field need it.
#pragma once

#include <cstdint>
#include <ctime>

namespace basehttp {

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

/// Nanoseconds since 1970.
inline std::int64_t wall_clock_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * kNanosecondsPerSecond + now.tv_nsec;
}

/// Seconds since 1970 by the kernel's tick, as times of files are: cheaper, and at most some milliseconds late.
inline std::time_t wall_clock_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return now.tv_sec;
}

struct SplitTime {
    std::int64_t second;       ///< since 1970, rounded down
    std::int64_t nanoseconds;  ///< beyond it
};

constexpr SplitTime split_time(std::int64_t time_ns) {
    const std::int64_t rest = time_ns % kNanosecondsPerSecond;
    const bool before = rest < 0;
    return {time_ns / kNanosecondsPerSecond - (before ? 1 : 0), rest + (before ? kNanosecondsPerSecond : 0)};
}

}  // namespace basehttp
