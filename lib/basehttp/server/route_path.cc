#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

// Calls `visit(segment of route, segment of path)` until one of them has ended or it says false. Whether both fit.
template <typename Visit>
bool walk(std::string_view route, std::string_view path, Visit visit) {
    const bool below = route.ends_with('/');
    const bool slash = path.ends_with('/');
    if (slash && !below) return false;
    while (!route.empty()) {
        if (path.empty()) return false;
        const std::string_view wanted = take_segment(route);
        const std::string_view segment = take_segment(path);
        if (is_parameter(wanted) ? segment.empty() : wanted != segment) return false;
        if (!visit(wanted, segment)) return true;
    }
    return below ? slash || !path.empty() : path.empty();
}

}  // namespace

bool lies_in(std::string_view path, std::string_view route) {
    if (has_parameters(route)) {
        return walk(route, path, [](std::string_view, std::string_view) { return true; });
    }
    if (!path.starts_with(route)) return false;
    return route.ends_with('/') || path.size() == route.size() || path[route.size()] == '/';
}

std::string_view path_parameter(std::string_view route, std::string_view path, std::string_view name) {
    std::string_view value;
    walk(route, path, [&](std::string_view wanted, std::string_view segment) {
        if (!is_parameter(wanted) || wanted.substr(1, wanted.size() - 2) != name) return true;
        value = segment;
        return false;
    });
    return value;
}

std::pair<std::size_t, std::ptrdiff_t> route_weight(std::string_view route) {
    std::size_t size = 0;
    std::ptrdiff_t parameters = 0;
    bool in_name = false;
    for (const char c : route) {
        in_name = in_name || c == '{';
        parameters += c == '{' ? 1 : 0;
        size += !in_name || c == '{' ? 1 : 0;
        if (c == '}') in_name = false;
    }
    return {size, -parameters};
}

}  // namespace basehttp
