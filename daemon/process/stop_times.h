// How long the steps of a stop may take. The master keeps to them, and `basehttpd check --as-service` counts with
// them.
#pragma once

#include <chrono>

namespace basehttpd {

/// How long a stop waits for another request on connections that are idle, before it closes them.
inline constexpr std::chrono::milliseconds kStopPatience{1000};

/// How long before the end of shutdown_timeout workers that retire close what is idle, so that they are gone at its
/// end.
inline constexpr std::chrono::milliseconds kLastMoment{400};

/// How long after they were killed, or told to exit where that is refused, workers are left behind.
inline constexpr std::chrono::milliseconds kWorkersLastPatience{2000};

/// The same for the logger and for each log program.
inline constexpr std::chrono::milliseconds kLastPatience{1000};

/// How long the logger may take to write what the rings hold.
inline constexpr std::chrono::milliseconds kLoggerPatience{5000};

/// How long a log program may take to read what is left, and how long then to obey SIGTERM.
inline constexpr std::chrono::milliseconds kProgramPatience{5000};
inline constexpr std::chrono::milliseconds kProgramTermPatience{1000};

/// From the end of the last worker to the end of the master: the logger, and then its programs.
inline constexpr std::chrono::milliseconds kLogsPatience =
    kLoggerPatience + kLastPatience + kProgramPatience + kProgramTermPatience + kLastPatience;

/// How long a whole stop may take.
constexpr std::chrono::milliseconds longest_stop(std::chrono::milliseconds shutdown_timeout) {
    return shutdown_timeout + kWorkersLastPatience + kLogsPatience;
}

}  // namespace basehttpd
