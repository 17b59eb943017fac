#include "basehttp/server/route_tree.h"

#include <algorithm>

#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

// Most nodes have one child, like that for the slash at the front: a comparison costs less than a hash.
template <typename Map>
typename Map::const_iterator find_in(const Map& map, std::string_view segment) {
    if (map.size() != 1) return map.find(segment);
    return map.begin()->first == segment ? map.begin() : map.end();
}

}  // namespace

RouteTree::RouteTree(const std::vector<std::string_view>& paths) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto [path, exact] = route_pattern(paths[i]);
        Node& node = make_node(path);
        const bool ends_with_slash = path.ends_with('/');
        std::size_t& place = ends_with_slash                 ? (exact ? node.with_slash : node.below)
                             : exact || has_parameters(path) ? node.itself
                                                             : node.both;
        place = std::min(place, i);
        if (ends_with_slash && !exact && path.size() > 1)
            below_.insert_or_assign(std::string(path.substr(0, path.size() - 1)), i);
    }
    for (const std::string_view path : paths) {
        if (const auto found = below_.find(route_pattern(path).path); found != below_.end()) below_.erase(found);
    }
}

RouteTree::Node& RouteTree::make_node(std::string_view path) {
    Node* node = &root_;
    while (!path.empty()) {
        const std::string_view segment = take_segment(path);
        std::unique_ptr<Node>& next = is_parameter(segment) ? node->parameter : node->children[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    return *node;
}

std::size_t RouteTree::find(std::string_view path) const {
    return find(root_, path, path.ends_with('/'));
}

// `slash`: whether the path ends with one. A longer way need not end at a longer path, since a parameter counts as
// one byte: all ways are gone.
std::size_t RouteTree::find(const Node& node, std::string_view rest, bool slash) {
    const bool ends = rest.empty();
    std::size_t first = node.both;
    if (!ends || slash) first = std::min(first, node.below);
    if (ends) first = std::min(first, slash ? node.with_slash : node.itself);
    if (ends || (node.children.empty() && !node.parameter)) return first;
    const std::string_view segment = take_segment(rest);
    if (const auto child = find_in(node.children, segment); child != node.children.end())
        first = std::min(first, find(*child->second, rest, slash));
    if (node.parameter && !segment.empty()) first = std::min(first, find(*node.parameter, rest, slash));
    return first;
}

std::size_t RouteTree::find_below(std::string_view path) const {
    if (below_.empty()) return kNone;
    const auto found = below_.find(path);
    return found == below_.end() ? kNone : found->second;
}

}  // namespace basehttp
