// A clock that nobody sets: for how long something took.
#pragma once

#include <cstdint>
#include <ctime>

namespace basehttp {

/// Nanoseconds since some moment in the past.
inline std::int64_t monotonic_ns() {
    constexpr std::int64_t kPerSecond = 1'000'000'000;
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * kPerSecond + now.tv_nsec;
}

/// The same in whole milliseconds.
inline std::int64_t monotonic_ms() {
    return monotonic_ns() / 1'000'000;
}

/// The same by the kernel's tick: cheaper, and at most some milliseconds late.
inline std::int64_t coarse_monotonic_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace basehttp
