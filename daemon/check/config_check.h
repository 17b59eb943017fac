// The checks that need the system: do accounts and folders exist, can the workers read what they are to serve? Done
// by `basehttpd check`, at the start and before each reload, by the master. Nothing on disk is changed. The
// operator's pages are read here too: a worker that is started later does not depend on what has become of their
// files.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

/// Where the configuration comes from: a file that somebody wrote, or `basehttpd serve`, which has no place for
/// `user`.
enum class ConfigOrigin : unsigned char { file, command_line };

/// Whether the sites are asked what `expect` says of them.
enum class ExpectationTrial : unsigned char { made, left_out };

/// What is wrong with `config` on this machine, in the order of its lines; warnings are marked as such. Where we are
/// root, the roots are tried by a child process that runs as the workers' user. Fills in the texts of the pages.
std::vector<ConfigError> check_config(Config& config, ConfigOrigin origin,
                                      ExpectationTrial trial = ExpectationTrial::made);

}  // namespace basehttpd
