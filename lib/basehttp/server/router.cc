#include "basehttp/server/router.h"

#include <algorithm>
#include <stdexcept>

#include "basehttp/protocol/host.h"
#include "basehttp/server/route_path.h"

namespace basehttp {

void Site::error_page(int status, const std::string& page, std::string media_type) {
    auto parsed = ErrorPages::parse(page);
    if (!parsed) throw std::invalid_argument("error page: " + parsed.error().message);
    error_pages.add(status, *std::move(parsed), std::move(media_type));
}

const Method* Route::find_method(std::string_view name) const {
    return methods.empty() || answers(name) ? handlers->find(name) : nullptr;
}

std::string Route::allow() const {
    std::string names;
    for (const Method& method : handlers->methods()) {
        if (methods.empty() || answers(method.name)) names.append(names.empty() ? "" : ", ").append(method.name);
    }
    return names;
}

bool Route::answers(std::string_view method) const {
    return std::ranges::find(methods, method == "HEAD" ? "GET" : method) != methods.end() ||
           std::ranges::find(methods, method) != methods.end();
}

Router::Router(std::unique_ptr<HandlerFactory> handlers) {
    Site site;
    site.add("/", std::move(handlers));
    add(std::move(site));
}

void Router::add(Site site) {
    std::ranges::stable_sort(site.routes, std::greater{},
                             [](const Route& route) { return route_weight(route.path); });
    std::vector<std::string_view> paths;
    for (const Route& route : site.routes) {
        paths.push_back(route.path);
        has_body_limits_ = has_body_limits_ || route.body_limit.has_value();
    }
    site.tree = RouteTree(paths);
    site.order = sites_.size();
    sites_.push_back(std::make_unique<Site>(std::move(site)));
    const Site& added = *sites_.back();
    const bool is_default = added.hosts.empty() || std::ranges::find(added.hosts, "*") != added.hosts.end();
    if (is_default && default_site_ == nullptr) default_site_ = &added;
    for (const std::string& host : added.hosts)
        hosts_.add(host, added);
}

const Site* Router::find_site(std::string_view host) const {
    std::string_view name = host_without_port(host);
    if (name.ends_with('.')) name.remove_suffix(1);  // the root of the name space may be written out
    if (name.empty()) return default_site_ == nullptr && !sites_.empty() ? sites_.front().get() : default_site_;
    const Site* found = hosts_.find(name);
    return found != nullptr ? found : default_site_;
}

const Route* Router::find_route(const Site& site, std::string_view path) {
    const std::size_t found = site.tree.find(path);
    return found == RouteTree::kNone ? nullptr : &site.routes[found];
}

const Route* Router::find_route_below(const Site& site, std::string_view path) {
    if (path.empty() || path.ends_with('/')) return nullptr;
    const std::size_t found = site.tree.find_below(path);
    return found == RouteTree::kNone ? nullptr : &site.routes[found];
}

std::optional<std::uint64_t> Router::body_limit(std::string_view host, std::string_view path) const {
    if (!has_body_limits_ || path.empty()) return std::nullopt;
    const Site* site = find_site(host);
    const Route* route = site != nullptr ? find_route(*site, path) : nullptr;
    return route != nullptr ? route->body_limit : std::nullopt;
}

}  // namespace basehttp
