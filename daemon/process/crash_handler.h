// What a worker says when it dies of a bug: a line in the error log with the signal and its stack; then it dies of
// the signal as it would have, and leaves a core where the system wants one. Runs in the worker, also when the
// watchdog ends one that stands still (SIGABRT).
#pragma once

#include <vector>

#include "basehttp/log/log.h"

namespace basehttpd {

/// From now on; `log` must live as long as the process, and must not allocate when it takes a line. Makes the process
/// dumpable, which a change of user has undone.
void install_crash_handler(basehttp::Log& log);

struct NamedCall {
    int number;
    const char* name;  ///< a literal
};

/// Those that a filter of system calls lets this process die of.
void name_system_calls(std::vector<NamedCall> calls);

}  // namespace basehttpd
