// The places that a log can be written to, one key each: `file`, `stdout`, `stderr`, `pipe`, `journal`, `syslog`.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

KeyTable<SinkConfig> sink_keys();

/// Reads the one sink that an item of `access` or `error` names; reports where that is none or several. False where
/// there is none to be used.
bool read_sink(ConfigMap& item, SinkConfig& sink);

}  // namespace basehttpd
