// WorkerProcess: the master's picture of one worker: who it is and how far it has come. What the worker itself does
// is in Worker. Owned by a WorkerCrew.
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/master/child_process.h"

namespace basehttpd {

struct WorkerProcess {
    enum class State : std::uint8_t {
        starting,  ///< forked, not accepting yet
        serving,   ///< said that it accepts
        draining,  ///< told to retire or to stop
        aborting,  ///< its loop stood still: it was sent SIGABRT, and SIGKILL follows
        killed,    ///< sent SIGKILL, or told to exit where that is refused: nobody waits for it any longer
        hopeless,  ///< its loop stood still and no signal may be sent: another took its place, and it is to end later
    };

    WorkerProcess(Processes& processes, std::size_t name) : child(processes), slot(name) {}

    ChildProcess child;
    std::size_t slot;  ///< of the scoreboard; also its name: `worker 3`
    State state = State::starting;
    std::uint64_t requests_before = 0;  ///< counted in the slot before this worker
    std::uint64_t max_requests = 0;     ///< `workers.max_requests` with its own jitter; 0: no limit
    bool was_ready = false;             ///< it has said that it accepts
    bool replaced = false;              ///< retires since another one has taken its place
    std::int64_t retire_until_ms = 0;   ///< a replaced one is killed then
    std::int64_t aborted_ms = 0;        ///< when it was sent SIGABRT
};

}  // namespace basehttpd
