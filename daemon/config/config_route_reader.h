// Reads the key `routes` of a site. Master only.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_map.h"

namespace basehttpd {

/// Reads the routes of `site` into `routes` and returns their node, null where there is none. A route of files starts
/// from `files`, what the site says. Two routes of one path,
/// and redirects that lead back to themselves, are errors.
const ConfigNode* read_routes(ConfigMap& site, const FilesConfig& files, std::vector<RouteConfig>& routes);

}  // namespace basehttpd
