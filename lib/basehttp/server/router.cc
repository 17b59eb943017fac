#include "basehttp/server/router.h"

#include <algorithm>

#include "basehttp/protocol/host.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// How well `pattern` fits `name`: 0 not at all, more for a longer wildcard, most for the name itself.
std::size_t fit(std::string_view pattern, std::string_view name) {
    if (equals_ignoring_case(pattern, name)) return name.size() + 1;
    if (!pattern.starts_with("*.") || name.size() < pattern.size()) return 0;
    const std::string_view suffix = pattern.substr(1);
    return equals_ignoring_case(name.substr(name.size() - suffix.size()), suffix) ? suffix.size() : 0;
}

}  // namespace

bool lies_in(std::string_view path, std::string_view route) {
    if (!path.starts_with(route)) return false;
    return route.ends_with('/') || path.size() == route.size() || path[route.size()] == '/';
}

Router::Router(std::unique_ptr<HandlerFactory> handlers) {
    Site site;
    site.routes.push_back({"/", std::move(handlers)});
    add(std::move(site));
}

void Router::add(Site site) {
    std::ranges::stable_sort(site.routes, std::greater{}, [](const Route& route) { return route.path.size(); });
    sites_.push_back(std::make_unique<Site>(std::move(site)));
    const Site& added = *sites_.back();
    const bool is_default = added.hosts.empty() || std::ranges::find(added.hosts, "*") != added.hosts.end();
    if (is_default && default_site_ == nullptr) default_site_ = &added;
}

const Site* Router::find_site(std::string_view host) const {
    std::string_view name = host_without_port(host);
    if (name.ends_with('.')) name.remove_suffix(1);  // the root of the name space may be written out
    const Site* best = default_site_;
    if (name.empty()) return best == nullptr && !sites_.empty() ? sites_.front().get() : best;
    std::size_t best_fit = 0;
    for (const auto& site : sites_) {
        for (const std::string& pattern : site->hosts) {
            const std::size_t this_fit = fit(pattern, name);
            if (this_fit > best_fit) {
                best_fit = this_fit;
                best = site.get();
            }
        }
    }
    return best;
}

const Route* Router::find_route(const Site& site, std::string_view path) {
    const auto found =
        std::ranges::find_if(site.routes, [path](const Route& route) { return lies_in(path, route.path); });
    return found == site.routes.end() ? nullptr : &*found;
}

const Route* Router::find_route_below(const Site& site, std::string_view path) {
    if (path.empty() || path.ends_with('/')) return nullptr;
    const Route* below = nullptr;
    for (const Route& route : site.routes) {
        if (route.path == path) return nullptr;
        if (route.path.size() == path.size() + 1 && route.path.ends_with('/') && route.path.starts_with(path))
            below = &route;
    }
    return below;
}

}  // namespace basehttp
