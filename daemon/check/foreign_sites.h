// What sites bring along from other servers that only the machine, or all of the configuration, shows. Master only.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

/// Warnings about hosts called `_` and the like, which are the default site elsewhere and a name here.
std::vector<ConfigError> check_default_hosts(const Config& config);

/// What to write for a page that is not there: nginx and Apache take its path from the root of the site.
std::string hint_for_missing_page(const std::string& file, const std::string& root);

}  // namespace basehttpd
