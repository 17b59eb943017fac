#include "daemon/check/foreign_sites.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/config_source.h"
#include "daemon/text/words.h"

namespace basehttpd {

std::vector<ConfigError> check_default_hosts(const Config& config) {
    constexpr std::array<std::string_view, 4> kDefaults{"_", "_default_", "default", "default_server"};
    std::vector<ConfigError> warnings;
    for (const SiteConfig& site : config.sites) {
        for (const std::string& host : site.hosts) {
            if (std::ranges::find(kDefaults, host) == kDefaults.end()) continue;
            warnings.push_back({site.where, fmt::format("{} is the host of that name alone", in_quotes(host)),
                                "leave 'host' out for the site that takes every other name", read_excerpt(site.where),
                                ConfigError::Kind::warning});
        }
    }
    return warnings;
}

std::string hint_for_missing_page(const std::string& file, const std::string& root) {
    const std::string below = root + file;
    const bool meant = !root.empty() && ::access(below.c_str(), F_OK) == 0;
    return meant ? fmt::format("the path is that of a file: write {}", below)
                 : "write it, or leave the key out for the built-in page";
}

}  // namespace basehttpd
