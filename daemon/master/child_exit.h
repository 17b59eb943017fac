// ChildExit: how a child process ended. Runs in the master.
#pragma once

#include <string>

namespace basehttpd {

/// How a child ended, as waitid(2) tells it.
struct ChildExit {
    bool by_signal = false;
    bool dumped_core = false;
    int value = 0;  ///< the signal, or the exit code

    bool clean() const { return !by_signal && value == 0; }

    /// `exited with 1`, `was killed by SIGSEGV`, `was killed by SIGABRT (core dumped)`.
    std::string text() const;
};

}  // namespace basehttpd
