// FilesSettings: what may be set of how files are served. A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "basehttp/handlers/try_step.h"

namespace basehttp {

/// Whether `name.br`, `name.zst` and `name.gz` stand for `name` where they exist, unless it is set.
inline constexpr bool kPrecompressed = true;

/// Which of `/about` and `/about/` is the address of what is found by a suffix, in a directory or in the place of
/// both; the other one is redirected to it.
enum class TrailingSlash : std::uint8_t {
    keep,    ///< that of a directory ends with a slash, that of a file does not, and others are as they are asked for
    add,     ///< the one with the slash
    remove,  ///< the one without; but that of a directory without an index keeps it
};

struct FilesSettings {
    std::vector<std::string> index{"index.html"};  ///< for a folder: the first of these that exists
    bool listing = false;                          ///< for a folder without index: its list instead of 403
    bool hidden_files = false;                     ///< whether names that start with a dot exist
    TrailingSlash trailing_slash = TrailingSlash::keep;
    /// Where the file for a path is looked for, in order; none: at the path itself, and in `index`.
    std::vector<TryStep> tries{};
    bool try_suffixed = false;  ///< whether a TryStep::Kind::file is also for paths with a suffix
};

}  // namespace basehttp
