// What a sink is called, and the sinks of a configuration, each once. Used by whoever checks, opens or writes logs.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace basehttpd {

/// `/var/log/access.log`, `standard output`, `syslog udp:host:514`: equal for what is one place.
std::string sink_name(const SinkConfig& sink);

/// The distinct sinks of all logs: those of the daemon first, then those of the sites, in the order of the file.
std::vector<SinkConfig> sinks_of(const Config& config);

}  // namespace basehttpd
