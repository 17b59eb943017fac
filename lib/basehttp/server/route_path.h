// The paths of routes: which requests' paths one is for, and which of two goes first. See Route. Pure functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tuple>

namespace basehttp {

/// What a Route's path says: the path itself, and whether it is for that alone.
struct RoutePattern {
    std::string_view path;
    bool exact = false;
};

inline RoutePattern route_pattern(std::string_view route) {
    constexpr std::string_view kExact = "= ";
    if (!route.starts_with(kExact)) return {route};
    return {route.substr(kExact.size()), true};
}

/// The directory of URLs that the files of a route stand in: its path, or that of a single file up to its name.
inline std::string_view route_folder(std::string_view route) {
    const auto [path, exact] = route_pattern(route);
    return exact ? path.substr(0, path.rfind('/') + 1) : path;
}

/// Whether `path` is for a route with the path `route`; see Route.
bool lies_in(std::string_view path, std::string_view route);

/// What stands in `path` where `route`, a Route's path, has `{name}`; empty if it has no such segment.
std::string_view path_parameter(std::string_view route, std::string_view path, std::string_view name);

/// The greater one goes first: the longer path, of two that are as long the one with fewer parameters, and then the
/// one for that path alone.
std::tuple<std::size_t, std::ptrdiff_t, bool> route_weight(std::string_view route);

inline bool has_parameters(std::string_view route) {
    return route.find('{') != std::string_view::npos;
}

inline bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

/// Takes the first segment off `rest`, its slash included.
inline std::string_view take_segment(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return segment;
}

/// What follows in `path`, which lies in `route`, after what `route` stands for; it may begin with a slash.
inline std::string_view rest_of_path(std::string_view path, std::string_view route) {
    if (!has_parameters(route)) return path.substr(std::min(route.size(), path.size()));
    while (!route.empty() && !path.empty()) {
        take_segment(route);
        take_segment(path);
    }
    return path;
}

}  // namespace basehttp
