// Which paths lead to what file systems and operators call hidden. Pure.
#pragma once

#include <algorithm>
#include <string_view>

namespace basehttp {

/// Whether a segment of `path` starts with a dot, that of RFC 8615 excepted.
inline bool is_hidden(std::string_view path) {
    while (!path.empty()) {
        const std::string_view segment = path.substr(0, path.find('/'));
        if (segment.starts_with('.') && segment != ".well-known") return true;
        path.remove_prefix(std::min(segment.size() + 1, path.size()));
    }
    return false;
}

}  // namespace basehttp
