#include "daemon/config/config.h"

namespace basehttpd {

std::vector<ServedRoot> served_roots(const Config& config) {
    std::vector<ServedRoot> roots;
    const auto add = [&](const std::string& root, const ConfigPosition& where) {
        if (!root.empty()) roots.push_back({root, where});
    };
    for (const SiteConfig& site : config.sites) {
        add(site.root, site.root_where);
        for (const RouteConfig& route : site.routes) {
            std::visit(
                [&](const auto& handler) {
                    if constexpr (requires { handler.root; }) add(handler.root, handler.root_where);
                },
                route.handler);
        }
    }
    return roots;
}

}  // namespace basehttpd
