// Reads the key `limits` of the configuration. Master only.
#pragma once

#include <vector>

#include "basehttp/protocol/limits.h"
#include "daemon/config/config_error.h"
#include "daemon/config/config_node.h"

namespace basehttpd {

/// Replaces in `limits` what `node` speaks of; what is left out stays. What is wrong goes to `errors`.
void read_limits(const ConfigNode& node, basehttp::Limits& limits, std::vector<ConfigError>& errors);

}  // namespace basehttpd
