// Compares what a configuration needs with what a unit of systemd lets the service do: `basehttpd check
// --as-service`.
#pragma once

#include <string>
#include <vector>

#include "daemon/check/service_limits.h"
#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

struct ServiceVerdict {
    std::vector<ConfigError> problems;
    std::vector<std::string> settings;  ///< lines for a drop-in's [Service] that would mend those a unit can mend

    /// The problems, and the drop-in with where it goes.
    std::string text(const std::string& unit) const;
};

ServiceVerdict check_service(const Config& config, const ServiceLimits& limits);

}  // namespace basehttpd
