#include "daemon/config/config.h"

#include <algorithm>
#include <iterator>

#include "basehttp/server/connection_set.h"

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

namespace {

bool follows_links(const SiteConfig& site) {
    constexpr auto kFollow = basehttp::Symlinks::follow;
    if (!site.root.empty() && site.symlinks == kFollow) return true;
    return std::ranges::any_of(site.routes, [](const RouteConfig& route) {
        return std::visit(
            [](const auto& handler) {
                if constexpr (requires { handler.symlinks; }) return handler.symlinks == kFollow;
                return false;
            },
            route.handler);
    });
}

}  // namespace

std::string_view site_name(const SiteConfig& site) {
    return site.hosts.empty() ? std::string_view("*") : std::string_view(site.hosts.front());
}

bool shows_status(const Config& config) {
    return std::ranges::any_of(config.sites, [](const SiteConfig& site) {
        return std::ranges::any_of(site.routes, [](const RouteConfig& route) {
            return std::holds_alternative<StatusHandler>(route.handler);
        });
    });
}

std::vector<basehttp::SocketAddress> origin_addresses(const Config& config) {
    std::vector<basehttp::SocketAddress> addresses;
    for (const SiteConfig& site : config.sites) {
        for (const RouteConfig& route : site.routes) {
            std::visit(
                [&addresses](const auto& handler) {
                    if constexpr (requires { handler.origins(); })
                        std::ranges::copy(handler.origins(), std::back_inserter(addresses));
                },
                route.handler);
        }
    }
    return addresses;
}

std::vector<std::string> readable_folders(const Config& config) {
    if (std::ranges::any_of(config.sites, follows_links)) return {"/"};
    std::vector<std::string> folders;
    for (const ServedRoot& root : served_roots(config))
        folders.push_back(root.path);
    return folders;
}

namespace {

template <typename Auth, typename Config>
std::vector<Auth*> find_auths(Config& config) {
    std::vector<Auth*> all;
    const auto add = [&all](auto& auth) {
        if (auth && !auth->htpasswd.empty()) all.push_back(&*auth);
    };
    for (auto& site : config.sites) {
        add(site.auth);
        for (auto& route : site.routes)
            add(route.auth);
    }
    return all;
}

}  // namespace

std::vector<AuthConfig*> auths_of(Config& config) {
    return find_auths<AuthConfig>(config);
}

std::vector<const AuthConfig*> auths_of(const Config& config) {
    return find_auths<const AuthConfig>(config);
}

bool names(const ListenConfig& listen, const basehttp::SocketAddress& socket) {
    const auto address = basehttp::SocketAddress::parse(listen.address);
    if (!address || address->path() != socket.path()) return false;
    return client_address(*address) == client_address(socket);
}

bool requires_proxy_protocol(const Config& config, const basehttp::SocketAddress& socket) {
    return std::ranges::any_of(config.listen, [&socket](const ListenConfig& listen) {
        return listen.proxy_protocol && names(listen, socket);
    });
}

}  // namespace basehttpd
