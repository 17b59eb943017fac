// LogPlan: which lines go where, worked out from the configuration: each place once, however many logs name it, and
// for the daemon and each site that has logs of its own the routes to them. Made by the master, used by the logger.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace basehttpd {

struct LogPlan {
    struct AccessRoute {
        std::size_t sink;  ///< index in `sinks`
        AccessSinkConfig config;
    };
    struct ErrorRoute {
        std::size_t sink;
        ErrorSinkConfig config;
    };

    static LogPlan of(const Config& config);

    /// What the sinks are called in messages, and told apart by.
    std::vector<std::string> sink_names() const;

    std::vector<SinkConfig> sinks;
    std::vector<AccessRoute> access;
    std::vector<ErrorRoute> error;
    std::map<std::string, std::vector<AccessRoute>, std::less<>> site_access;  ///< by the site's first host, or `*`
    std::map<std::string, std::vector<ErrorRoute>, std::less<>> site_error;
    PrivacyConfig privacy;
    bool resolve_hostnames = false;
};

}  // namespace basehttpd
