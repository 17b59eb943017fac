// The paths of routes: which requests' paths one is for, and which of two goes first. See Route. Pure functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace basehttp {

/// Whether `path` is for a route with the path `route`; see Route.
bool lies_in(std::string_view path, std::string_view route);

/// What stands in `path` where `route`, a Route's path, has `{name}`; empty if it has no such segment.
std::string_view path_parameter(std::string_view route, std::string_view path, std::string_view name);

/// The greater one goes first: the longer path, and of two that are as long the one with fewer parameters.
std::pair<std::size_t, std::ptrdiff_t> route_weight(std::string_view route);

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

}  // namespace basehttp
