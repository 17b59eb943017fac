// Which messages the error logs of a configuration take. Read by each worker, which puts no others into its ring.
#pragma once

#include "daemon/config/config.h"

namespace basehttpd {

/// The level of the most talkative of its error logs; where it has none, the most severe of all.
basehttp::Severity error_level(const Config& config);

}  // namespace basehttpd
