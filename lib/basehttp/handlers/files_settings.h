// FilesSettings: what may be set of how files are served. A plain value.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace basehttp {

/// Whether `name.br`, `name.zst` and `name.gz` stand for `name` where they exist, unless it is set.
inline constexpr bool kPrecompressed = true;

struct FilesSettings {
    std::vector<std::string> index{"index.html"};  ///< for a folder: the first of these that exists
    bool listing = false;                          ///< for a folder without index: its list instead of 403
    bool hidden_files = false;                     ///< whether names that start with a dot exist
    std::vector<std::pair<std::string, std::string>> headers{};  ///< further fields of the responses
};

}  // namespace basehttp
