// What the access logs of a configuration ask of requests by name. Read by each worker, which copies just that into
// its records.
#pragma once

#include "basehttp/log/captured.h"
#include "daemon/config.h"

namespace basehttpd {

/// The names in the formats of all its access logs, each once.
basehttp::CaptureList captures_of(const Config& config);

}  // namespace basehttpd
