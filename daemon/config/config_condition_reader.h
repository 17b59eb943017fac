// Reads the key `when` of an access log. Master only.
#pragma once

#include "daemon/config/config.h"
#include "daemon/config/config_map.h"

namespace basehttpd {

/// Reads what `when` of `item` says into `condition`, where it is there.
void read_condition(ConfigMap& item, LogCondition& condition);

/// `5xx`, `404`, `400-404` or `none`, as `status` has them.
std::string format_statuses(const LogCondition::Statuses& statuses);

}  // namespace basehttpd
