#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

// Calls `visit(segment of route, segment of path)` until one of them has ended or it says false. Whether both fit.
template <typename Visit>
bool walk(RoutePattern pattern, std::string_view path, Visit visit) {
    auto [route, exact] = pattern;
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
    if (exact || !below) return path.empty() && slash == below;
    return slash || !path.empty();
}

}  // namespace

bool lies_in(std::string_view path, std::string_view route) {
    const RoutePattern pattern = route_pattern(route);
    if (has_parameters(route)) {
        return walk(pattern, path, [](std::string_view, std::string_view) { return true; });
    }
    if (pattern.exact) return path == pattern.path;
    if (!path.starts_with(route)) return false;
    return route.ends_with('/') || path.size() == route.size() || path[route.size()] == '/';
}

std::string_view path_parameter(std::string_view route, std::string_view path, std::string_view name) {
    std::string_view value;
    walk(route_pattern(route), path, [&](std::string_view wanted, std::string_view segment) {
        if (!is_parameter(wanted) || wanted.substr(1, wanted.size() - 2) != name) return true;
        value = segment;
        return false;
    });
    return value;
}

std::tuple<std::size_t, std::ptrdiff_t, bool> route_weight(std::string_view route) {
    const auto [path, exact] = route_pattern(route);
    std::size_t size = 0;
    std::ptrdiff_t parameters = 0;
    bool in_name = false;
    for (const char c : path) {
        in_name = in_name || c == '{';
        parameters += c == '{' ? 1 : 0;
        size += !in_name || c == '{' ? 1 : 0;
        if (c == '}') in_name = false;
    }
    return {size, -parameters, exact};
}

}  // namespace basehttp
