#include "daemon/config/error_level.h"

#include <algorithm>

namespace basehttpd {

basehttp::Severity error_level(const Config& config) {
    basehttp::Severity level = basehttp::Severity::critical;
    const auto add = [&level](const std::vector<ErrorSinkConfig>& logs) {
        for (const ErrorSinkConfig& log : logs)
            level = std::max(level, log.level);
    };
    add(config.log.error);
    for (const SiteConfig& site : config.sites) {
        if (site.log.error) add(*site.log.error);
    }
    return level;
}

}  // namespace basehttpd
