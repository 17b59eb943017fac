#include "basehttp/server/router.h"

#include <algorithm>
#include <stdexcept>

#include "basehttp/protocol/host.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

bool has_parameters(std::string_view route) {
    return route.find('{') != std::string_view::npos;
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

// Takes the first segment off `rest`, its slash included.
std::string_view take_segment(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return segment;
}

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

// The longest path wins; among equals, the one with the fewest parameters.
std::pair<std::size_t, std::ptrdiff_t> weight(const Route& route) {
    std::size_t size = 0;
    std::ptrdiff_t parameters = 0;
    bool in_name = false;
    for (const char c : route.path) {
        in_name = in_name || c == '{';
        parameters += c == '{' ? 1 : 0;
        size += !in_name || c == '{' ? 1 : 0;
        if (c == '}') in_name = false;
    }
    return {size, -parameters};
}

// How well `pattern` fits `name`: 0 not at all, more for a longer wildcard, most for the name itself.
std::size_t fit(std::string_view pattern, std::string_view name) {
    if (equals_ignoring_case(pattern, name)) return name.size() + 1;
    if (!pattern.starts_with("*.") || name.size() < pattern.size()) return 0;
    const std::string_view suffix = pattern.substr(1);
    return equals_ignoring_case(name.substr(name.size() - suffix.size()), suffix) ? suffix.size() : 0;
}

}  // namespace

bool lies_in(std::string_view path, std::string_view route) {
    if (has_parameters(route)) {
        return walk(route, path, [](std::string_view, std::string_view) { return true; });
    }
    if (!path.starts_with(route)) return false;
    return route.ends_with('/') || path.size() == route.size() || path[route.size()] == '/';
}

void Site::error_page(int status, const std::string& page, std::string media_type) {
    auto parsed = ErrorPages::parse(page);
    if (!parsed) throw std::invalid_argument("error page: " + parsed.error().message);
    error_pages.add(status, *std::move(parsed), std::move(media_type));
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

Router::Router(std::unique_ptr<HandlerFactory> handlers) {
    Site site;
    site.add("/", std::move(handlers));
    add(std::move(site));
}

void Router::add(Site site) {
    std::ranges::stable_sort(site.routes, std::greater{}, weight);
    for (const Route& route : site.routes)
        has_body_limits_ = has_body_limits_ || route.body_limit.has_value();
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

std::optional<std::uint64_t> Router::body_limit(std::string_view host, std::string_view path) const {
    if (!has_body_limits_ || path.empty()) return std::nullopt;
    const Site* site = find_site(host);
    const Route* route = site != nullptr ? find_route(*site, path) : nullptr;
    return route != nullptr ? route->body_limit : std::nullopt;
}

}  // namespace basehttp
