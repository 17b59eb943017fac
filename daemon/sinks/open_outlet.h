// The outlet that a sink's kind needs. Used by the logger.
#pragma once

#include <memory>

#include "daemon/config.h"
#include "daemon/sinks/outlet.h"

namespace basehttpd {

/// `fd` is the descriptor that the master has opened for it, -1 where it opens none.
std::unique_ptr<Outlet> open_outlet(const SinkConfig& sink, int fd);

}  // namespace basehttpd
