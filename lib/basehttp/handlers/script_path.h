// ScriptPath: a path cut into the part that may name a program, and what follows it. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace basehttp {

struct ScriptPath {
    std::string_view script;  ///< ends in the suffix
    std::string_view info;    ///< empty, or it begins with a slash

    /// Cuts after the first segment that ends in `suffix` and lies beyond the first `from` bytes. Nothing: there is
    /// none.
    static std::optional<ScriptPath> cut(std::string_view path, std::string_view suffix, std::size_t from = 0) {
        for (std::size_t at = path.find(suffix, from); at != std::string_view::npos; at = path.find(suffix, at + 1)) {
            const std::size_t end = at + suffix.size();
            if (end == path.size() || path[end] == '/') return ScriptPath{path.substr(0, end), path.substr(end)};
        }
        return std::nullopt;
    }
};

}  // namespace basehttp
