// KernelSupport: what of the sandbox can be had here: what the kernel lacks, a container's profile or a service's
// filter refuses, or this build cannot bear. Runs in each process that wants to know; it costs a few system calls.
#pragma once

#include <string>

namespace basehttpd {

struct KernelSupport {
    /// Of a build with sanitizers, whose run-time does what no filter would allow.
    bool instrumented = false;
    bool call_filters = false;       ///< seccomp(2), with all that is needed of it
    int landlock = 0;                ///< its version; 0: there is none
    bool capabilities_stay = false;  ///< none can be given up: capset(2) is refused

    static KernelSupport find();

    /// A sentence that says what is lacking; empty: nothing.
    std::string lacking() const;
};

}  // namespace basehttpd
