// Reads the key `log` of the configuration. Master only.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"
#include "daemon/config/config_node.h"

namespace basehttpd {

/// Replaces in `log` what `node` speaks of; what is left out stays. What is wrong goes to `errors`.
void read_log(const ConfigNode& node, LoggingConfig& log, std::vector<ConfigError>& errors);

/// The same for the logs of a site.
void read_site_log(const ConfigNode& node, SiteLogConfig& log, std::vector<ConfigError>& errors);

}  // namespace basehttpd
