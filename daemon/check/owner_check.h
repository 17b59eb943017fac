// Whether the unix sockets that `listen` names can be given to whom it says. Master only.
#pragma once

#include "daemon/check/check_report.h"
#include "daemon/config/config.h"

namespace basehttpd {

/// Reports accounts that do not exist, and those that this process may not give a socket to.
void check_owners(const Config& config, CheckReport& report);

}  // namespace basehttpd
