// What a start needs of the places that logs go to: files that can be opened and made, sockets that somebody reads.
// Master only; nothing is changed.
#pragma once

#include <string>
#include <vector>

#include "daemon/check/check_report.h"
#include "daemon/config/config.h"

namespace basehttpd {

/// Looks at files and sockets. A program is the caller's to look at: it knows as whom that runs.
void check_logs(const std::vector<SinkConfig>& sinks, CheckReport& report);

/// `hint`, and for a service of systemd where to learn more: what it may not do is mostly up to its unit.
std::string with_service(const std::string& hint);

}  // namespace basehttpd
