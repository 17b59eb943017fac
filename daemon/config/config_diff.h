// What a reload changes: the keys whose value differs between two configurations.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace basehttpd {

/// One line for each key that differs, `workers.count: 2 -> 4`, in the order of the configuration. A key that stands
/// on one side alone has `(none)` on the other.
std::vector<std::string> changed_keys(const Config& before, const Config& after);

}  // namespace basehttpd
