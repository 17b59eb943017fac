// The keys of `cors`, which a site and a route have in common.
#pragma once

#include "basehttp/server/cors.h"
#include "daemon/config/config_kinds.h"

namespace basehttpd {

KeyTable<basehttp::CorsRules> cors_keys();

/// What is wrong with the keys together: no origins, or any origin with credentials.
void check_cors(ConfigMap& map, const basehttp::CorsRules& rules);

using CorsBlock = Keys<cors_keys, check_cors>;

}  // namespace basehttpd
