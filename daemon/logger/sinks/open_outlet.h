// The outlet that a sink's kind needs. Used by the logger.
#pragma once

#include <memory>

#include "daemon/config/config.h"
#include "daemon/logger/sinks/outlet.h"
#include "daemon/logs/log_pipe.h"

namespace basehttpd {

/// What the master has opened for a sink, according to its kind.
struct SinkEnds {
    int fd = -1;
    const LogPipe* pipe = nullptr;  ///< must outlive the outlet
};

std::unique_ptr<Outlet> open_outlet(const SinkConfig& sink, SinkEnds ends);

}  // namespace basehttpd
