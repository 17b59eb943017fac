#include "basehttp/handlers/try_step.h"

#include <algorithm>

namespace basehttp {
namespace {

constexpr std::string_view kPath = "$path";

// What openat2() and the cache take for the name of a file: no empty segments, none that are '.' or '..'.
bool is_relative_file(std::string_view path) {
    if (path.empty() || path.ends_with('/')) return false;
    const std::string padded = '/' + std::string(path) + '/';
    return !padded.contains("//") && !padded.contains("/./") && !padded.contains("/../");
}

}  // namespace

std::optional<TryStep> TryStep::parse(std::string_view written) {
    if (written.starts_with(kPath)) {
        const std::string_view rest = written.substr(kPath.size());
        if (rest == "/") return TryStep{.kind = Kind::folder};
        if (rest.contains('/') || (!rest.empty() && (!rest.starts_with('.') || rest.size() == 1)))
            return std::nullopt;
        return TryStep{.kind = Kind::path, .text = std::string(rest)};
    }
    if (!written.starts_with('/') || !is_relative_file(written.substr(1))) return std::nullopt;
    return TryStep{.kind = Kind::file, .text = std::string(written.substr(1))};
}

std::string TryStep::written() const {
    if (kind == Kind::file) return '/' + text;
    return std::string(kPath) + (kind == Kind::folder ? "/" : text);
}

bool has_suffix(std::string_view path) {
    if (path.ends_with('/')) path.remove_suffix(1);
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name.find('.', 1) != std::string_view::npos;
}

}  // namespace basehttp
