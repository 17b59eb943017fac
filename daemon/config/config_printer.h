// Writes a configuration as YAML: what `basehttpd config` prints. Master only.
#pragma once

#include <string>

#include "daemon/config/config.h"

namespace basehttpd {

/// `config` with all its defaults, as text that read_config() reads back as the same values. Paths are absolute and
/// what was included stands among the sites.
std::string print_config(const Config& config);

}  // namespace basehttpd
