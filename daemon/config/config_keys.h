// The keys of the configuration: those of the server itself, and the blocks below them that have no file of their
// own. Those of logs are in log_keys.h, those of sites in site_keys.h.
#pragma once

#include "basehttp/protocol/limits.h"
#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

/// All that a configuration holds.
KeyTable<Config> server_keys();

KeyTable<WorkersConfig> workers_keys();
KeyTable<basehttp::Limits> limits_keys();
KeyTable<basehttp::FileCacheLimits> file_cache_keys();

}  // namespace basehttpd
