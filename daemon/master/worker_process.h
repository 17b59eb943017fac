// WorkerProcess: the master's picture of one worker: who it is and how far it has come. What the worker itself does
// is in Worker. Owned by a WorkerCrew.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "basehttp/io/unique_fd.h"
#include "daemon/master/sd_event.h"

namespace basehttpd {

struct WorkerProcess {
    enum class State : std::uint8_t {
        starting,  ///< forked, not accepting yet
        serving,   ///< said that it accepts
        draining,  ///< told to retire or to stop
        aborting,  ///< its loop stood still: it was sent SIGABRT, and SIGKILL follows
        killed,    ///< sent SIGKILL: nobody waits for it any longer
    };

    pid_t pid = 0;
    std::size_t slot = 0;  ///< of the scoreboard; also its name: `worker 3`
    State state = State::starting;
    std::uint64_t requests_before = 0;  ///< counted in the slot before this worker
    std::uint64_t max_requests = 0;     ///< `workers.max_requests` with its own jitter; 0: no limit
    bool replaced = false;              ///< retires since another one has taken its place
    std::int64_t retire_until_ms = 0;   ///< a replaced one is killed then
    std::int64_t aborted_ms = 0;        ///< when it was sent SIGABRT
    std::int64_t started_ms = 0;        ///< by basehttp::monotonic_ms()
    basehttp::UniqueFd channel;
    EventSource exit_source;
    EventSource channel_source;
};

}  // namespace basehttpd
