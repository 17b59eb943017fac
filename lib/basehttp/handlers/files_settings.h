// FilesSettings: what may be set of how files are served. A plain value.
#pragma once

#include <string>
#include <vector>

#include "basehttp/handlers/try_step.h"

namespace basehttp {

/// Whether `name.br`, `name.zst` and `name.gz` stand for `name` where they exist, unless it is set.
inline constexpr bool kPrecompressed = true;

struct FilesSettings {
    std::vector<std::string> index{"index.html"};  ///< for a folder: the first of these that exists
    bool listing = false;                          ///< for a folder without index: its list instead of 403
    bool hidden_files = false;                     ///< whether names that start with a dot exist
    /// Where the file for a path is looked for, in order; none: at the path itself, and in `index`.
    std::vector<TryStep> tries{};
    bool try_suffixed = false;  ///< whether a TryStep::Kind::file is also for paths with a suffix
};

}  // namespace basehttp
