#include "daemon/config/config_route_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "daemon/config/config_error.h"
#include "daemon/config/config_files_reader.h"
#include "daemon/config/config_value.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using Handler = RouteConfig::Handler;

struct HandlerName {
    std::string_view name;
    Handler handler;
};

constexpr std::array<HandlerName, 2> kHandlers{{{"files", Handler::files}, {"redirect", Handler::redirect}}};
constexpr std::array<std::string_view, 5> kRedirectStatuses{"301", "302", "303", "307", "308"};

// Requests are matched by paths without dot segments and empty ones: another path would never be reached.
std::optional<ValueProblem> find_path_problem(const std::string& path) {
    if (!path.starts_with('/'))
        return ValueProblem{"must begin with '/'", fmt::format("write {}", in_quotes("/" + path))};
    if (path.find_first_of("?#") != std::string::npos)
        return ValueProblem{"has no '?' or '#'", "write the path alone"};
    const std::string padded = path + '/';
    if (padded.contains("/./") || padded.contains("/../") || path.contains("//")) {
        return ValueProblem{"can never match: it has an empty part, '.' or '..'",
                            "requests are matched without these"};
    }
    return std::nullopt;
}

// What goes into a Location field as it is: a path or a URL of printable ASCII.
std::optional<ValueProblem> find_target_problem(std::string_view to) {
    const bool known =
        (to.starts_with('/') && !to.starts_with("//")) || to.starts_with("http://") || to.starts_with("https://");
    if (!known) return ValueProblem{"must begin with '/', 'http://' or 'https://'", ""};
    const auto forbidden = [](char c) { return c <= ' ' || c > '~' || std::string_view("\"<>\\^`{|}").contains(c); };
    if (std::ranges::none_of(to, forbidden)) return std::nullopt;
    return ValueProblem{"has a character that a URL cannot have", "write it percent-encoded, like %20 for a space"};
}

std::optional<Handler> read_handler(ConfigMap& map) {
    Handler handler{};
    if (map.read_choice("handler", kHandlers, &HandlerName::handler, handler) != nullptr) return handler;
    if (map.find_bare("handler") == nullptr) {
        map.report(map.node(), "this route has no 'handler'", "write handler: files or handler: redirect");
    }
    return std::nullopt;
}

void read_path(ConfigMap& map, std::string& path) {
    const ConfigNode* node = map.read_text("path", path);
    if (node == nullptr) {
        if (map.find_bare("path") == nullptr)
            map.report(map.node(), "this route has no 'path'", "write path: /FOLDER/");
        return;
    }
    const auto problem = find_path_problem(path);
    if (problem) map.report(*node, fmt::format("'path': {} {}", in_quotes(path), problem->message), problem->hint);
}

void require(ConfigMap& map, std::string_view key, std::string_view handler, std::string_view example) {
    if (map.find_bare(key) != nullptr) return;
    map.report(map.node(), fmt::format("handler '{}' needs '{}'", handler, key),
               fmt::format("write {}: {}", key, example));
}

void refuse(ConfigMap& map, std::string_view key, std::string_view handler, std::string_view owner) {
    const ConfigNode* node = map.find_bare(key);
    if (node == nullptr) return;
    map.report(*node, fmt::format("'{}' has no meaning for handler '{}'", key, handler),
               fmt::format("it belongs to '{}'", owner));
}

void read_files(ConfigMap& map, RouteConfig& route) {
    read_files_options(map, route.files);
    refuse(map, "to", "files", "redirect");
    refuse(map, "status", "files", "redirect");
    require(map, "root", "files", "FOLDER");
    const ConfigNode* node = map.read_text("root", route.root);
    if (node == nullptr) return;
    route.root = node->source->resolve(route.root);
    route.root_where = node->where();
}

void read_redirect(ConfigMap& map, RouteConfig& route) {
    refuse(map, "root", "redirect", "files");
    for (const std::string_view key : kFilesKeys) {
        if (key != "headers") refuse(map, key, "redirect", "files");
    }
    read_headers(map, route.files.headers);
    require(map, "to", "redirect", "/PATH/");
    if (const ConfigNode* node = map.read_text("to", route.to)) {
        const auto problem = find_target_problem(route.to);
        if (problem)
            map.report(*node, fmt::format("'to': {} {}", in_quotes(route.to), problem->message), problem->hint);
    }
    std::string status;
    const ConfigNode* node = map.read_text("status", status);
    if (node == nullptr) return;
    if (std::ranges::find(kRedirectStatuses, status) == kRedirectStatuses.end()) {
        map.report(*node, fmt::format("'status' of a redirect is {}", join_alternatives(kRedirectStatuses)));
        return;
    }
    route.status = static_cast<int>(*parse_count(status));
}

std::optional<RouteConfig> read_route(const ConfigNode& node, const FilesConfig& files,
                                      std::vector<ConfigError>& errors) {
    ConfigMap map(node, "a route", errors);
    if (node.kind != ConfigNode::Kind::map) return std::nullopt;
    RouteConfig route;
    route.where = node.where();
    route.files = files;
    read_path(map, route.path);
    const auto handler = read_handler(map);
    if (handler) route.handler = *handler;
    // Without a handler all keys pass: which of them are right cannot be told.
    if (handler == Handler::files) read_files(map, route);
    if (handler == Handler::redirect) read_redirect(map, route);
    for (const std::string_view key : {"root", "to", "status"})
        map.find_bare(key);
    for (const std::string_view key : kFilesKeys)
        map.find_bare(key);
    map.finish();
    return route;
}

// The route that serves `path`: the longest one it starts with.
const RouteConfig* find_route(const std::vector<RouteConfig>& routes, std::string_view path) {
    const RouteConfig* best = nullptr;
    for (const RouteConfig& route : routes) {
        if (path.starts_with(route.path) && (best == nullptr || route.path.size() > best->path.size())) best = &route;
    }
    return best;
}

void refuse_loops(ConfigMap& site, const ConfigNode& list, const std::vector<RouteConfig>& routes) {
    for (const RouteConfig& route : routes) {
        if (route.handler != Handler::redirect || find_route(routes, route.to) != &route) continue;
        const auto at = [&](const ConfigNode& item) {
            return item.line == route.where.line && item.column == route.where.column;
        };
        const auto node = std::ranges::find_if(list.items, at);
        if (node == list.items.end()) continue;
        site.report(*node, fmt::format("this redirect leads to itself: {} begins with {}", in_quotes(route.to),
                                       in_quotes(route.path)));
    }
}

}  // namespace

const ConfigNode* read_routes(ConfigMap& site, const FilesConfig& files, std::vector<RouteConfig>& routes) {
    std::map<std::string, int> lines;
    const ConfigNode* list = site.for_each_item("routes", [&](const ConfigNode& node) {
        auto route = read_route(node, files, site.errors());
        if (!route) return;
        const auto [first, is_new] = lines.emplace(route->path, node.line);
        if (!is_new && !route->path.empty()) {
            site.report(node, fmt::format("duplicate path {}", in_quotes(route->path)),
                        fmt::format("it has its route already, on line {}", first->second));
        }
        routes.push_back(*std::move(route));
    });
    if (list != nullptr) refuse_loops(site, *list, routes);
    return list;
}

}  // namespace basehttpd
