// FilesConfig: how files are served, as a site and each of its routes of files say it. Plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/file_root.h"
#include "basehttp/handlers/files_settings.h"
#include "daemon/config/config_position.h"

namespace basehttpd {

/// A page of the operator's: a template.
struct PageConfig {
    std::string file;  ///< absolute; empty: there is none
    ConfigPosition where;
    std::string text{};  ///< read by check_config(), so that no worker needs the file later
};

/// What the files are whose names have an ending.
struct TypeConfig {
    std::string ending;  ///< without the dot before it; of one part, or of two like `js.gz`
    std::string type;
    std::string_view coding{};  ///< a literal; empty: none is said

    bool operator==(const TypeConfig&) const = default;
};

/// Of a site, and of each of its routes, which starts from what the site says. What the handler itself can be told is
/// in the base class.
struct FilesConfig : basehttp::FilesSettings {
    PageConfig listing_template;
    bool precompressed = basehttp::kPrecompressed;
    basehttp::Symlinks symlinks = basehttp::Symlinks::within;
    std::optional<std::chrono::milliseconds> expires;
    std::vector<TypeConfig> types;
};

}  // namespace basehttpd
