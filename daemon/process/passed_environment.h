// What programs that run for the daemon get of its environment: where programs are found, the language, the time
// zone, where temporary files go. All else is the daemon's own: what a service manager told it, and secrets that are
// none of theirs.
#pragma once

#include <vector>

namespace basehttpd {

/// For execve(2): pointers into this process's environment, and a null pointer behind them.
std::vector<char*> passed_environment();

}  // namespace basehttpd
