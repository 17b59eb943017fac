// The exit codes that users and service managers see, after sysexits.h.
#pragma once

namespace basehttpd {

inline constexpr int kExitUsage = 64;        ///< the command line is wrong
inline constexpr int kExitUnavailable = 69;  ///< a socket, a log file or another resource could not be had
inline constexpr int kExitGaveUp = 70;       ///< workers died one after the other
inline constexpr int kExitConfig = 78;       ///< the configuration has errors

}  // namespace basehttpd
