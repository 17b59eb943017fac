// The rules of a configuration beside what the code that serves has noted: see why.h. Which of them decided is its
// word; said here is what they are, where they stand, and why the others do not apply.
#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "basehttp/io/socket_address.h"
#include "basehttp/protocol/host.h"
#include "basehttp/protocol/target.h"
#include "basehttp/server/route_path.h"
#include "basehttp/text/ascii.h"
#include "daemon/check/why.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::AnsweredBy;

constexpr std::size_t kMostListed = 20;  // of the sites and routes that are for other requests

// A route as it is served: one of the site's own, or its root.
struct ServedRoute {
    std::string_view path;
    const basehttp::ClientRules* clients;
    const std::optional<AuthConfig>* auth;
    bool has_methods;
    bool has_cors;
    std::string_view handler;
    ConfigPosition where;
};

std::vector<ServedRoute> routes_of(const SiteConfig& site) {
    std::vector<ServedRoute> routes;
    for (const RouteConfig& each : site.routes) {
        const auto name = std::visit([]<typename H>(const H&) { return H::kName; }, each.handler);
        routes.push_back(
            {each.path, &each, &each.auth, !each.methods.empty(), each.cors.has_value(), name, each.where});
    }
    if (!site.root.empty())
        routes.push_back({"/", &site, &site.auth, false, site.cors.has_value(), "files", site.root_where});
    return routes;
}

class Rules {
  public:
    Rules(WhyAnswer& answer, const Config& config, const WhyQuestion& question, AnsweredBy by)
        : answer_(answer), config_(config), question_(question), by_(by) {}

    void add() {
        add_listeners();
        add_proxies();
        if (answer_.site.empty() && by_ == AnsweredBy::refusal) return;
        add_sites();
        const auto site = std::ranges::find(config_.sites, answer_.site, site_name);
        if (site == config_.sites.end()) return;
        if (by_ >= AnsweredBy::canonical_host) add_canonical_host(*site);
        if (by_ <= AnsweredBy::canonical_host) return;
        const auto routes = routes_of(*site);
        add_routes(routes);
        const auto route = std::ranges::find(routes, answer_.route, &ServedRoute::path);
        if (route != routes.end()) add_keys(*route);
    }

  private:
    void add(std::string what, bool applies, std::string why, const ConfigPosition& where) {
        answer_.rules.push_back({std::move(what), applies, std::move(why), where});
    }

    void add_listeners();
    void add_proxies();
    void add_sites();
    void add_site(const SiteConfig& site);
    void add_canonical_host(const SiteConfig& site);
    void add_routes(const std::vector<ServedRoute>& routes);
    void add_keys(const ServedRoute& route);
    void add_authentication(const AuthConfig& auth, const std::string& whose);
    std::string why_not(const ServedRoute& route, std::string_view path) const;

    WhyAnswer& answer_;
    const Config& config_;
    const WhyQuestion& question_;
    AnsweredBy by_;
};

void Rules::add_listeners() {
    const auto named = basehttp::ClientAddress::parse(question_.address);
    for (const ListenConfig& listen : config_.listen) {
        const auto address = basehttp::SocketAddress::parse(listen.address);
        const std::string what = "listener " + listen.address;
        const std::string note = listen.proxy_protocol ? "; a PROXY header first says who the client is" : "";
        if (!question_.port) {
            add(what, true, "the URL names no address" + note, listen.where);
        } else if (!address || address->port() == 0) {
            add(what, false, "its port cannot be compared", listen.where);
        } else if (address->port() != *question_.port) {
            add(what, false, fmt::format("the URL has port {}", *question_.port), listen.where);
        } else if (named && !address->is_unspecified() && address->host() != named->text()) {
            add(what, false, "the URL has another address", listen.where);
        } else {
            add(what, true, "it has the URL's port" + note, listen.where);
        }
    }
}

void Rules::add_proxies() {
    if (config_.trusted_proxies.empty()) return;
    const bool trusted = config_.trusted_proxies.trusts(question_.client);
    add("trusted_proxies", trusted,
        fmt::format("{} is {}; the client is {}", question_.client.text(), trusted ? "trusted" : "not one of them",
                    answer_.client),
        {});
}

void Rules::add_sites() {
    std::size_t others = 0;
    for (const SiteConfig& site : config_.sites) {
        if (site_name(site) == answer_.site || others++ < kMostListed) add_site(site);
    }
    if (others > kMostListed) add(fmt::format("{} more sites", others - kMostListed), false, "not listed", {});
}

void Rules::add_site(const SiteConfig& site) {
    std::string_view host = basehttp::host_without_port(answer_.host);
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::string what = fmt::format("site {}", site_name(site));
    if (site_name(site) != answer_.site) {
        add(what, false,
            site.hosts.empty() ? "another site has that name"
                               : fmt::format("it is for {}", fmt::join(site.hosts, ", ")),
            site.where);
    } else if (site.hosts.empty()) {
        add(what, true, "no other site has that name", site.where);
    } else if (host.empty()) {
        add(what, true, "the request names no host", site.where);
    } else {
        add(what, true, fmt::format("it is for {}", host), site.where);
    }
}

void Rules::add_canonical_host(const SiteConfig& site) {
    if (site.canonical_host.empty()) return;
    const bool redirects = by_ == AnsweredBy::canonical_host;
    add("canonical_host", redirects,
        redirects ? fmt::format("requests for other names are redirected to {}", site.canonical_host)
                  : "the request is for that name, or for none",
        site.where);
}

void Rules::add_routes(const std::vector<ServedRoute>& routes) {
    basehttp::Target target;
    static_cast<void>(basehttp::parse_target(question_.target, question_.method, target));
    const auto found = std::ranges::find(routes, answer_.route, &ServedRoute::path);
    std::size_t elsewhere = 0;
    for (const ServedRoute& each : routes) {
        const std::string what = fmt::format("route {}", each.path);
        const bool chosen = found != routes.end() && &each == &*found;
        if (chosen && by_ == AnsweredBy::folder) {
            add(what, true, "it is for what lies below that address, so a slash is added", each.where);
        } else if (chosen) {
            add(what, true, fmt::format("the longest that {} lies in, handler {}", target.path, each.handler),
                each.where);
        } else if (basehttp::lies_in(target.path, each.path) || elsewhere++ < kMostListed) {
            add(what, false, why_not(each, target.path), each.where);
        }
    }
    if (elsewhere > kMostListed) add(fmt::format("{} more routes", elsewhere - kMostListed), false, "not listed", {});
    if (by_ == AnsweredBy::no_route) add("no route", true, fmt::format("{} lies in none", target.path), {});
}

std::string Rules::why_not(const ServedRoute& route, std::string_view path) const {
    if (basehttp::lies_in(path, route.path))
        return fmt::format("{} goes first: it is longer, or says more of the path", answer_.route);
    const bool exact = basehttp::route_pattern(route.path).exact;
    return fmt::format("{} {}", path, exact ? "is another path" : "does not lie in it");
}

void Rules::add_keys(const ServedRoute& route) {
    const std::string whose = fmt::format(" of route {}", route.path);
    if (!route.clients->empty()) {
        const bool refuses = by_ == AnsweredBy::clients;
        add("allow and deny" + whose, refuses,
            fmt::format("{} is {}", answer_.client, refuses ? "turned away" : "admitted"), route.where);
    }
    if (by_ <= AnsweredBy::clients) return;
    if (route.has_cors) {
        const bool answers = by_ == AnsweredBy::preflight;
        add("cors" + whose, answers, answers ? "a preflight is answered" : "this is not a preflight", route.where);
    }
    if (by_ <= AnsweredBy::no_route) return;
    const bool refused = by_ == AnsweredBy::methods || by_ == AnsweredBy::unknown_method;
    if (route.has_methods || refused) {
        add("methods" + whose, refused, fmt::format("{} is {}answered", question_.method, refused ? "not " : ""),
            route.where);
    }
    if (*route.auth && !(*route.auth)->htpasswd.empty() && by_ >= AnsweredBy::authentication)
        add_authentication(**route.auth, whose);
}

void Rules::add_authentication(const AuthConfig& auth, const std::string& whose) {
    const bool refuses = by_ == AnsweredBy::authentication;
    add("auth" + whose, refuses, refuses ? "the request proves no user's password" : "the password is right",
        auth.where);
}

}  // namespace

void add_rules(WhyAnswer& answer, const Config& config, const WhyQuestion& question, AnsweredBy by) {
    Rules(answer, config, question, by).add();
}

}  // namespace basehttpd
