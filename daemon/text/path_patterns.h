// Lists of paths as configurations and command lines have them: what is meant and, with `!` in front, what is not.
// Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace basehttpd {

struct PathPattern {
    std::string glob;       ///< `*` and `?`, over the whole path
    bool excludes = false;  ///< it begins with `!`

    static PathPattern parse(std::string_view text);
    std::string text() const;
};

/// Whether the list is for `path`: no exclusion matches it, and another pattern does. An empty list is for every
/// path, and one of exclusions for all that they leave. An empty path, which what is no request has, matches no
/// pattern.
bool matches_paths(std::span<const PathPattern> patterns, std::string_view path);

}  // namespace basehttpd
