// FilesConfig: how files are served, as a site and each of its routes of files say it. Plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basehttp/handlers/file_root.h"
#include "basehttp/handlers/static_files.h"
#include "daemon/config/config_position.h"

namespace basehttpd {

/// A page of the operator's: a template.
struct PageConfig {
    std::string file;  ///< absolute; empty: there is none
    ConfigPosition where;
    std::string text{};  ///< read by check_config(), so that no worker needs the file later
};

/// Of a site, and of each of its routes, which starts from what the site says. What the handler itself can be told is
/// in the base class.
struct FilesConfig : basehttp::FilesSettings {
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    PageConfig listing_template;
    bool precompressed = basehttp::FileSource::kPrecompressed;
    basehttp::Symlinks symlinks = basehttp::Symlinks::within;
    std::optional<std::chrono::milliseconds> expires;
    Pairs types;  ///< endings without their dot, and media types
};

}  // namespace basehttpd
