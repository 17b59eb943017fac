// What the access logs of a configuration ask of requests by name. Read by each worker, which copies just that into
// its records.
#pragma once

#include "basehttp/log/captured.h"
#include "daemon/config/config.h"

namespace basehttpd {

/// The names in the formats of all its access logs, each once.
basehttp::CaptureList captures_of(const Config& config);

/// The first access log whose names find no room beside those of the logs before it; nullptr: all of them do.
const AccessSinkConfig* log_without_room(const Config& config);

}  // namespace basehttpd
