// That sites and routes are found as by a walk over all of them.
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/host.h"
#include "basehttp/server/route_path.h"
#include "basehttp/server/router.h"
#include "basehttp/text/ascii.h"

namespace {

using basehttp::Route;
using basehttp::Router;
using basehttp::Site;

struct Random {
    std::minstd_rand numbers{20'261'127};

    std::size_t below(std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most - 1)(numbers); }
    template <typename T>
    const T& one_of(const std::vector<T>& all) {
        return all[below(all.size())];
    }
    std::string joined(const std::vector<std::string>& parts, std::size_t most) {
        std::string text;
        for (std::size_t left = below(most + 1); left > 0; --left)
            text += one_of(parts);
        return text;
    }
};

const Route* walk_routes(const Site& site, std::string_view path) {
    for (const Route& route : site.routes) {
        if (basehttp::lies_in(path, route.path)) return &route;
    }
    return nullptr;
}

const Route* walk_routes_below(const Site& site, std::string_view path) {
    const Route* below = nullptr;
    for (const Route& route : site.routes) {
        if (path.empty() || path.ends_with('/') || basehttp::route_pattern(route.path).path == path) return nullptr;
        if (route.path == std::string(path) + '/') below = &route;
    }
    return below;
}

std::string name_of(const Route* route) {
    return route != nullptr ? route->path : "none";
}

BOOST_AUTO_TEST_CASE(routes_are_found_as_by_a_walk) {
    const std::vector<std::string> parts{"/", "/", "a", "b", "{x}", "{", "ab", "/a", "/{y}", "/b/", "/a/b"};
    Random random;
    for (int round = 0; round < 300; ++round) {
        Site site;
        for (std::size_t left = random.below(20); left > 0; --left)
            site.add((random.below(4) == 0 ? "= /" : "/") + random.joined(parts, 6), nullptr);
        if (round % 10 == 0) site.add("", nullptr);
        Router router(std::move(site));
        const Site& made = *router.find_site("");
        for (int i = 0; i < 200; ++i) {
            std::string path = random.below(20) == 0 ? "" : "/" + random.joined(parts, 8);
            if (i % 2 == 0 && !made.routes.empty())
                path = std::string(basehttp::route_pattern(random.one_of(made.routes).path).path) +
                       random.joined(parts, 2);
            if (!path.empty() && path.front() != '/') continue;
            const Route* found = Router::find_route(made, path);
            const Route* wanted = walk_routes(made, path);
            BOOST_TEST(found == wanted, path << ": " << name_of(found) << ", not " << name_of(wanted));
            BOOST_TEST(Router::find_route_below(made, path) == walk_routes_below(made, path), path << " below");
        }
    }
}

// How well `pattern` fits `name`: 0 not at all, more for a longer wildcard, most for the name itself.
std::size_t fit(std::string_view pattern, std::string_view name) {
    using basehttp::equals_ignoring_case;
    if (equals_ignoring_case(pattern, name)) return name.size() + 1;
    if (!pattern.starts_with("*.") || name.size() < pattern.size()) return 0;
    const std::string_view suffix = pattern.substr(1);
    return equals_ignoring_case(name.substr(name.size() - suffix.size()), suffix) ? suffix.size() : 0;
}

std::size_t walk_sites(const std::vector<std::vector<std::string>>& sites, std::string_view host) {
    std::string_view name = basehttp::host_without_port(host);
    if (name.ends_with('.')) name.remove_suffix(1);
    std::size_t best = sites.size();
    std::size_t best_fit = 0;
    for (std::size_t i = 0; i < sites.size() && best == sites.size(); ++i) {
        if (sites[i].empty() || std::ranges::find(sites[i], "*") != sites[i].end()) best = i;
    }
    if (name.empty()) return best == sites.size() ? 0 : best;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        for (const std::string& pattern : sites[i]) {
            if (fit(pattern, name) > best_fit) {
                best_fit = fit(pattern, name);
                best = i;
            }
        }
    }
    return best;
}

BOOST_AUTO_TEST_CASE(sites_are_found_as_by_a_walk) {
    const std::vector<std::string> parts{"a", "b", ".", ".", "*", "*.", "a.b", ".A", "Bb", "-c."};
    Random random;
    for (int round = 0; round < 300; ++round) {
        std::vector<std::vector<std::string>> sites(1 + random.below(12));
        Router router;
        for (std::size_t i = 0; i < sites.size(); ++i) {
            for (std::size_t left = random.below(4); left > 0 || (sites[i].empty() && random.below(3) > 0); --left) {
                sites[i].push_back((random.below(3) == 0 ? "*." : "") + random.joined(parts, 5));
                if (left == 0) break;
            }
            Site site;
            site.hosts = sites[i];
            site.add("/" + std::to_string(i), nullptr);
            router.add(std::move(site));
        }
        for (int i = 0; i < 200; ++i) {
            std::string host = random.joined(parts, 7);
            if (const auto& hosts = random.one_of(sites); i % 2 == 0 && !hosts.empty())
                host = random.joined(parts, 1) + random.one_of(hosts);
            const Site* found = router.find_site(host + (i % 3 == 0 ? ":80" : ""));
            const std::size_t wanted = walk_sites(sites, host);
            BOOST_TEST((found == nullptr) == (wanted == sites.size()), host);
            if (found != nullptr) BOOST_TEST(found->routes[0].path == "/" + std::to_string(wanted), host);
        }
    }
}

// A client may send a head full of dots or slashes.
BOOST_AUTO_TEST_CASE(what_is_longer_than_all_names_costs_no_look_up) {
    Router router;
    Site site;
    site.hosts = {"*.example.org"};
    site.add("/a/", nullptr);
    router.add(std::move(site));
    const std::string dots(1'000'000, '.');
    BOOST_TEST(router.find_site(dots) == nullptr);
    BOOST_TEST(router.find_site(dots + "example.org") != nullptr);
    const Site& made = *router.find_site("x.example.org");
    BOOST_TEST(Router::find_route(made, std::string(1'000'000, '/')) == nullptr);
}

}  // namespace
