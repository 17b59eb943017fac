// What a start needs beside what config_check.h looks at: addresses and the control socket. The start binds them, and
// `basehttpd check` tries here whether it could; nothing is changed, and nobody can connect meanwhile. What the
// daemon that runs with this configuration holds is no obstacle: a reload shares it.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

/// Before an upgrade the daemon itself has the new binary check the configuration: it starts as nobody else, and its
/// sockets are there already.
bool asked_by_daemon();

/// What a start would be refused for, and warnings.
std::vector<ConfigError> check_start(const Config& config);

}  // namespace basehttpd
