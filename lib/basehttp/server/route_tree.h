// RouteTree: the routes of a site by the segments of their paths, so that finding one takes a step for each segment
// of the request's path, however many routes there are. Made when the routes have their order; part of a Site.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace basehttp {

class RouteTree {
  public:
    static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

    RouteTree() = default;

    /// `paths` are those of the routes, in the order in which they are tried; results are indices in it.
    explicit RouteTree(const std::vector<std::string_view>& paths);

    /// The first route that `path`, which is empty or begins with a slash, lies in; or kNone.
    std::size_t find(std::string_view path) const;

    /// The route that has the path `path` and a slash, where none has `path` itself; or kNone.
    std::size_t find_below(std::string_view path) const;

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    template <typename Value>
    using Map = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    // The routes whose paths are made of the segments on the way here; of several alike, the first.
    struct Node {
        std::size_t itself = kNone;      // for a path that ends here, without a slash
        std::size_t with_slash = kNone;  // for one that ends with the slash after this
        std::size_t below = kNone;       // for one with a slash after this, and maybe more
        std::size_t both = kNone;
        Map<std::unique_ptr<Node>> children;
        std::unique_ptr<Node> parameter;
    };

    Node& make_node(std::string_view path);
    static std::size_t find(const Node& node, std::string_view rest, bool slash);

    Node root_;
    Map<std::size_t> below_;  // by paths without their last slash
};

}  // namespace basehttp
