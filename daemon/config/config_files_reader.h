// Reads the keys that say how files are served, which a site and a route have in common. Master only.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "basehttp/handlers/file_cache.h"
#include "daemon/config/config.h"
#include "daemon/config/config_error.h"
#include "daemon/config/config_map.h"

namespace basehttpd {

/// The keys that read_files_options() knows.
inline constexpr std::array<std::string_view, 9> kFilesKeys{"index",        "listing",  "listing_template",
                                                            "hidden_files", "symlinks", "precompressed",
                                                            "expires",      "headers",  "types"};

/// Reads what stands in `map` over what `files` holds. Headers and types are added to those that are there, in the
/// place of any of the same name.
void read_files_options(ConfigMap& map, FilesConfig& files);

/// Reads the key `headers` alone in the same way.
void read_headers(ConfigMap& map, FilesConfig::Pairs& headers);

/// Reads the key `error_pages` of a site.
void read_error_pages(ConfigMap& site, std::vector<ErrorPageConfig>& pages);

/// Reads the value of `file_cache`.
void read_file_cache(const ConfigNode& node, basehttp::FileCacheLimits& limits, std::vector<ConfigError>& errors);

struct SymlinksName {
    std::string_view name;
    basehttp::Symlinks symlinks;
};

inline constexpr std::array<SymlinksName, 3> kSymlinksNames{{{"within", basehttp::Symlinks::within},
                                                             {"never", basehttp::Symlinks::never},
                                                             {"follow", basehttp::Symlinks::follow}}};

}  // namespace basehttpd
