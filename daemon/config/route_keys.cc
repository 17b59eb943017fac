#include "daemon/config/route_keys.h"

#include <algorithm>
#include <array>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "basehttp/server/route_path.h"
#include "daemon/config/auth_keys.h"
#include "daemon/config/client_keys.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/cors_keys.h"
#include "daemon/config/headers_key.h"
#include "daemon/config/name_lists.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// Calls `use.operator()<H>()` for each handler H, in order.
template <typename Use>
void for_each_handler(Use use) {
    [&]<typename... H>(std::variant<H...>*) {
        (use.template operator()<H>(), ...);
    }(static_cast<HandlerConfig*>(nullptr));
}

std::vector<std::string_view> handler_names() {
    std::vector<std::string_view> names;
    for_each_handler([&]<typename H>() { names.push_back(H::kName); });
    return names;
}

// What was most likely meant by a path that does not begin with a slash.
std::string nearest_path(std::string_view written) {
    const bool exact = written.starts_with('=');
    if (exact) written.remove_prefix(std::min(written.find_first_not_of("= "), written.size()));
    const std::string_view slash = written.starts_with('/') ? "" : "/";
    return fmt::format("write {}", in_quotes(fmt::format("{}{}{}", exact ? "= " : "", slash, written)));
}

// Requests are matched by paths without dot segments and empty ones: another path would never be reached.
std::optional<ValueProblem> find_path_problem(const std::string& written) {
    const auto [path, exact] = basehttp::route_pattern(written);
    // nginx's "~ PATTERN" and "^~ PATH", and patterns of others.
    if (path.starts_with('~') || path.starts_with('^'))
        return ValueProblem{"is a pattern, and a path is none", "write the beginning of the path, like /img/"};
    if (path.contains('*')) {
        const std::string_view before = path.substr(0, path.find('*'));
        return ValueProblem{"has a '*', which has no meaning in a path",
                            before.ends_with('/') ? fmt::format("{} stands for all that is below it", before) : ""};
    }
    if (!path.starts_with('/')) return ValueProblem{"must begin with '/'", nearest_path(written)};
    if (path.find_first_of("?#") != std::string::npos)
        return ValueProblem{"has no '?' or '#'", "write the path alone"};
    const std::string padded = std::string(path) + '/';
    if (padded.contains("/./") || padded.contains("/../") || path.contains("//")) {
        return ValueProblem{"can never match: it has an empty part, '.' or '..'",
                            "requests are matched without these"};
    }
    return std::nullopt;
}

struct RoutePath {
    static std::string_view word() { return "text"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_pattern("^(= )?/"); }
    static std::optional<Document> write(const std::string& path) { return Document::of_text(path); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& path) {
        const ConfigNode* node = map.read_text(key, path);
        if (node == nullptr) {
            if (map.find_bare(key) == nullptr)
                map.report_absence(fmt::format("this route has no '{}'", key), "write path: /FOLDER/");
            return nullptr;
        }
        const auto problem = find_path_problem(path);
        if (!problem) return node;
        map.report(*node, key, path, *problem);
        path.clear();  // nothing else is to be said of this path
        return nullptr;
    }
};

// The name of the handler, which makes the route's variant one of that handler.
struct HandlerName {
    static std::string_view word() { return "word"; }
    static std::string bounds() {
        std::string text;
        for (const std::string_view name : handler_names())
            text.append(text.empty() ? "" : ", ").append(name);
        return text;
    }
    static Document schema() {
        std::vector<std::string> words;
        for (const std::string_view name : handler_names())
            words.emplace_back(name);
        return schema_of_choice(words);
    }
    static std::optional<Document> write(const HandlerConfig& handler) {
        return std::visit([]<typename H>(const H&) { return Document::of_text(H::kName); }, handler);
    }
    // The reader of routes does it: it has the site that a handler starts from.
    static const ConfigNode* read(ConfigMap& map, std::string_view key, HandlerConfig&) { return map.find_bare(key); }
};

constexpr std::array kRoute{
    key<&RouteConfig::path, RoutePath{}>(
        "path", "The beginning of the paths to serve, or '= ' and a path for that path alone.")
        .is_needed("/FOLDER/"),
    key<&RouteConfig::methods, Methods{}>("methods",
                                          "The methods to answer; others are answered 405. GET includes HEAD.")
        .unless_set("all that the handler has"),
    key<&RouteConfig::body, Size{1, kTera}>("body", "The maximum length of the content; more is answered 413.")
        .unless_set("that of limits"),
    key<&RouteConfig::headers, Headers{}>("headers", "Changes of the fields of responses.")
        .unless_set("what the site says"),
    key<&RouteConfig::cors, CorsBlock{}>("cors", "What scripts of other origins may do.")
        .unless_set("what the site says"),
    keys_of_base<RouteConfig, basehttp::ClientRules, client_keys>().unless_set("what the site says"),
    key<&RouteConfig::auth, Auth{}>("auth", "The users that the route is for, each with a password.")
        .unless_set("what the site says"),
    key<&RouteConfig::handler, HandlerName{}>("handler", "The handler of the route.").is_needed("files"),
};

bool has_key(const std::vector<const KeyFacts*>& keys, std::string_view name) {
    return std::ranges::find(keys, name, &KeyFacts::name) != keys.end();
}

// A key of another handler's is told from one that is none.
template <typename H>
void refuse_foreign_keys(ConfigMap& map) {
    const auto own = facts_of(H::keys());
    std::map<std::string_view, std::vector<std::string>> owners;
    for_each_handler([&]<typename Other>() {
        for (const KeyFacts* key : facts_of(Other::keys()))
            if (!has_key(own, key->name)) owners[key->name].push_back(in_quotes(Other::kName));
    });
    for (const auto& [key, names] : owners) {
        const ConfigNode* node = map.find_bare(key);
        if (node == nullptr) continue;
        const std::vector<std::string_view> views(names.begin(), names.end());
        map.report(*node, fmt::format("'{}' has no meaning for handler '{}'", key, H::kName),
                   "it belongs to " + join_alternatives(views));
    }
}

template <typename H>
void require_keys(ConfigMap& map) {
    for (const KeyFacts* key : facts_of(H::keys())) {
        if (key->needed.empty() || map.find_bare(key->name) != nullptr) continue;
        map.report_absence(fmt::format("handler '{}' needs '{}'", H::kName, key->name),
                           fmt::format("write {}: {}", key->name, key->needed));
    }
}

// Reads the keys of the handler that is named. Without one all keys of handlers pass: which of them are right cannot
// be told.
void read_handler(ConfigMap& map, const FilesConfig& site, HandlerConfig& handler) {
    for_each_handler([&]<typename H>() {
        for (const KeyFacts* key : facts_of(H::keys()))
            map.know(key->name);
    });
    if (map.find_bare("handler") == nullptr) {
        std::vector<std::string> forms;
        for (const std::string_view name : handler_names())
            forms.push_back(fmt::format("handler: {}", name));
        const std::vector<std::string_view> views(forms.begin(), forms.end());
        map.report_absence("this route has no 'handler'", "write " + join_alternatives(views));
        return;
    }
    const auto names = handler_names();
    const auto chosen = map.read_word("handler", names);
    for_each_handler([&]<typename H>() {
        if (!chosen || names[*chosen] != H::kName) return;
        H& own = handler.emplace<H>(H(site));
        refuse_foreign_keys<H>(map);
        require_keys<H>(map);
        read_keys(map, H::keys(), own);
    });
}

std::optional<RouteConfig> read_route(const ConfigNode& node, const SiteConfig& site,
                                      std::vector<ConfigError>& errors) {
    ConfigMap map(node, "a route", errors);
    if (node.kind != ConfigNode::Kind::map) return std::nullopt;
    RouteConfig route;
    static_cast<basehttp::ClientRules&>(route) = static_cast<const basehttp::ClientRules&>(site);
    route.headers = site.headers;
    route.cors = site.cors;
    route.auth = site.auth;
    route.where = node.where();
    read_keys(map, KeyTable<RouteConfig>(kRoute), route);
    read_handler(map, site, route.handler);
    map.finish();
    return route;
}

// What a handler says of itself beside the other routes.
void check_among(ConfigMap& site, const ConfigNode& node, const HandlerConfig& handler,
                 const std::vector<RouteConfig>& routes) {
    const auto problem = std::visit(
        [&](const auto& own) -> std::optional<std::string> {
            if constexpr (requires { own.problem_among(routes); }) return own.problem_among(routes);
            if constexpr (requires { own.problem(); }) return own.problem();
            return std::nullopt;
        },
        handler);
    if (problem) site.report(node, *problem);
}

Document write_route(const RouteConfig& route) {
    Document map = to_document(KeyTable<RouteConfig>(kRoute), route);
    std::visit([&](const auto& own) { write_keys(map, own.keys(), own); }, route.handler);
    map.identity = route.path;
    return map;
}

template <typename H>
Document schema_of_route() {
    auto keys = facts_of(KeyTable<RouteConfig>(kRoute));
    for (const KeyFacts* key : facts_of(H::keys()))
        keys.push_back(key);
    Document schema = schema_of_keys(keys);
    for (Document::Entry& entry : schema.entries) {
        if (entry.name != "properties") continue;
        const Document name = Document::map().add("const", Document::of_text(H::kName));
        std::ranges::find(entry.value.entries, "handler", &Document::Entry::name)->value = name;
    }
    return schema;
}

}  // namespace

std::vector<const KeyFacts*> Routes::below() {
    auto keys = facts_of(KeyTable<RouteConfig>(kRoute));
    for_each_handler([&]<typename H>() {
        for (const KeyFacts* key : facts_of(H::keys()))
            keys.push_back(key);
    });
    return keys;
}

Document Routes::schema() {
    std::vector<Document> routes;
    for_each_handler([&]<typename H>() { routes.push_back(schema_of_route<H>()); });
    return schema_of_type("array").add("items", schema_of_any(std::move(routes)));
}

std::optional<Document> Routes::write(const SiteConfig& site) {
    if (site.routes.empty()) return std::nullopt;
    Document list = Document::list();
    std::ranges::transform(site.routes, std::back_inserter(list.items), write_route);
    return list;
}

void Routes::read(ConfigMap& map, std::string_view key, SiteConfig& site) {
    std::map<std::string, int> lines;
    std::vector<const ConfigNode*> nodes;
    map.for_each_item(key, [&](const ConfigNode& node) {
        auto route = read_route(node, site, map.errors());
        if (!route) return;
        const auto [first, is_new] = lines.emplace(route->path, node.line);
        if (!is_new && !route->path.empty()) {
            map.report(node, fmt::format("duplicate path {}", in_quotes(route->path)),
                       fmt::format("it has its route already, on line {}", first->second));
        }
        nodes.push_back(&node);
        site.routes.push_back(*std::move(route));
    });
    for (std::size_t i = 0; i < nodes.size(); ++i)
        check_among(map, *nodes[i], site.routes[i].handler, site.routes);
}

}  // namespace basehttpd
