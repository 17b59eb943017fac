// Reads the part of an item of `log` that says where its lines go: `file`, `journal` and the like. Used by the
// readers of `log`, once for each item. Master only.
#pragma once

#include "daemon/config/config.h"
#include "daemon/config/config_map.h"

namespace basehttpd {

/// Reads it into `sink`. False where the item names no sink, more than one, or a wrong one; all is reported.
bool read_sink(ConfigMap& item, SinkConfig& sink);

}  // namespace basehttpd
