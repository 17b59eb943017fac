#include "daemon/text/path_patterns.h"

#include <algorithm>

#include "daemon/text/glob.h"

namespace basehttpd {

PathPattern PathPattern::parse(std::string_view text) {
    const bool excludes = text.starts_with('!');
    return {std::string(text.substr(excludes ? 1 : 0)), excludes};
}

std::string PathPattern::text() const {
    return (excludes ? "!" : "") + glob;
}

bool matches_paths(std::span<const PathPattern> patterns, std::string_view path) {
    bool any_wants = false;
    bool wanted = false;
    for (const PathPattern& pattern : patterns) {
        const bool hit = !path.empty() && matches_glob(pattern.glob, path);
        if (hit && pattern.excludes) return false;
        any_wants = any_wants || !pattern.excludes;
        wanted = wanted || hit;
    }
    return wanted || !any_wants;
}

}  // namespace basehttpd
