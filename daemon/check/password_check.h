// The check of password files: there, readable, understood, and not among what is served. Reads them too: workers may
// not, and get what they hold from the master. Master only.
#pragma once

#include "daemon/check/check_report.h"
#include "daemon/config/config.h"

namespace basehttpd {

void read_password_files(Config& config, CheckReport& report);

}  // namespace basehttpd
