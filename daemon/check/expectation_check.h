// Do the sites answer as their operator expects? A child process opens them as a worker does, as the workers' user,
// and asks them in memory, without a socket: the code that answers is the one that serves. Master only.
#pragma once

#include <optional>

#include "daemon/check/check_report.h"
#include "daemon/config/config.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

/// Reports each of `expect` that the answer differs from. `workers`: who the workers are, where that is somebody else
/// than us. The pages must have been read.
void check_expectations(const Config& config, const std::optional<Identity>& workers, CheckReport& report);

}  // namespace basehttpd
