// Reads the configuration: the schema of the YAML file, from the top down. Master only, before anything else is done.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

/// Reads `file` and what it includes. All that is wrong is reported at once, in the order of the files and of the
/// lines in them. Looks at no file but these; whether folders and users exist is check_config()'s question.
std::expected<Config, std::vector<ConfigError>> read_config(const std::string& file);

}  // namespace basehttpd
