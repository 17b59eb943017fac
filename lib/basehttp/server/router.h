// Router: which handler answers a request: the site by its host, then the route by the longest path. Built before the
// server starts and only read after that.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/pages/error_pages.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/server/handler_factory.h"

namespace basehttp {

/// A part of a site's paths and the handlers for it.
struct Route {
    /// `/img/` is for all paths below it, `/hello` for itself and what follows after a slash, `/` for all.
    std::string path;
    std::unique_ptr<HandlerFactory> handlers;
};

struct Site {
    /// Names in lower case, `*.example.org` for all names below it, or `*`; none: like `*`.
    std::vector<std::string> hosts;
    std::vector<Route> routes;
    ErrorPages error_pages{};
    /// Refuses what the parser tolerated and a parser of this strictness would not have; `seed`: nothing more.
    Strictness strictness = Strictness::seed;

    /// What logs call it: its first host, or `*`.
    std::string_view name() const { return hosts.empty() ? std::string_view("*") : hosts.front(); }
};

/// Whether `path` is for a route: `/img/` has all below it, `/hello` itself and what follows after a slash.
bool lies_in(std::string_view path, std::string_view route);

class Router {
  public:
    Router() = default;

    /// A router whose one site and route serve everything.
    explicit Router(std::unique_ptr<HandlerFactory> handlers);

    void add(Site site);

    /// The site for `host`, with its port if any: by name, else by the longest wildcard, else the default site; a
    /// request without a host goes to the first site where there is no default. nullptr: this server is not that
    /// host.
    const Site* find_site(std::string_view host) const;

    /// The route of `site` with the longest path that `path` lies in, or nullptr.
    static const Route* find_route(const Site& site, std::string_view path);

    /// The route of `site` for all that is below `path`, written without the slash that it lacks: `/b/` for `/b`,
    /// where no route is for `/b` itself.
    static const Route* find_route_below(const Site& site, std::string_view path);

  private:
    std::vector<std::unique_ptr<Site>> sites_;
    const Site* default_site_ = nullptr;
};

}  // namespace basehttp
