// Router: which handler answers a request: the site by its host, then the route by the longest path. Built before the
// server starts and only read after that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/pages/error_pages.h"
#include "basehttp/protocol/field_rules.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/server/client_rules.h"
#include "basehttp/server/cors.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/server/host_map.h"
#include "basehttp/server/route_tree.h"

namespace basehttp {

class Authentication;

/// A part of a site's paths and the handlers for it.
struct Route {
    /// `/img/` is for all paths below it, `/hello` for itself and what follows after a slash, `/` for all, `= /hello`
    /// for that path alone. A segment
    /// `{name}` is for any one segment, which RequestHandler::parameter() gives: `/items/{id}` is for `/items/5` and
    /// not for what lies below that, `/items/{id}/` for what lies below.
    std::string path;
    std::unique_ptr<HandlerFactory> handlers;
    /// How much content a request may have, in bytes, in the place of Limits::body; 0: no limit.
    std::optional<std::uint64_t> body_limit{};
    /// Those alone that it answers, of the handlers' own; GET has HEAD with it. None: all of the handlers'.
    std::vector<std::string> methods{};
    /// Whom it answers; others get 403.
    ClientRules clients{};
    /// What is changed in the heads of its responses: FieldRules become such an editor by themselves.
    std::optional<HeadEditor> fields{};
    /// What scripts of other origins may do with it; CorsRules become this by themselves. None: nothing.
    std::optional<Cors> cors{};
    /// Who must prove to be somebody first; nullptr: nobody.
    std::shared_ptr<Authentication> authentication{};

    /// The handlers' method `name`, or nullptr where they have none or this route does not answer it.
    const Method* find_method(std::string_view name) const;

    /// The value of Allow: the methods that are answered, as a list.
    std::string allow() const;

  private:
    /// Whether it is one of `methods`.
    bool answers(std::string_view method) const;
};

struct Site {
    /// Names in lower case, `*.example.org` for all names below it, or `*`; none: like `*`.
    std::vector<std::string> hosts;
    std::vector<Route> routes;
    /// The one of its names that clients are to use: under all others they are redirected to it. Empty: any will do.
    std::string canonical_host{};
    ErrorPages error_pages{};  ///< those of the default site are also for requests that cannot be read
    /// Refuses what the parser tolerated and a parser of this strictness would not have; `seed`: nothing more.
    Strictness strictness = Strictness::seed;
    std::optional<HeadEditor> fields{};  ///< what is changed in the heads of responses that no route gives
    RouteTree tree{};                    ///< of the routes; made by Router::add()
    std::size_t order = 0;               ///< how many sites the router has before it; set by Router::add()

    /// Adds a route; the order does not matter.
    void add(Route route) { routes.push_back(std::move(route)); }
    void add(std::string path, std::unique_ptr<HandlerFactory> handlers) {
        routes.push_back({.path = std::move(path), .handlers = std::move(handlers)});
    }

    /// Sends `page` in the place of the built-in one for `status`: a template with `code`, `reason`, `message`,
    /// `explanation` and `request_id` as ErrorPages::parse() has it. Throws std::invalid_argument if it is none.
    void error_page(int status, const std::string& page, std::string media_type = "text/html; charset=utf-8");

    /// What logs call it: its first host, or `*`.
    std::string_view name() const { return hosts.empty() ? std::string_view("*") : hosts.front(); }
};

class Router {
  public:
    Router() = default;

    /// A router whose one site and route serve everything.
    Router(std::unique_ptr<HandlerFactory> handlers);

    /// A router with one site.
    Router(Site site) { add(std::move(site)); }

    void add(Site site);

    /// The site for `host`, with its port if any: by name, else by the longest wildcard, else the default site; a
    /// request without a host goes to the first site where there is no default. nullptr: this server is not that
    /// host.
    const Site* find_site(std::string_view host) const;

    /// The route of `site` with the longest path that `path` lies in, or nullptr. A `{name}` counts as one byte; of
    /// two that are as long, one for that path alone goes first.
    static const Route* find_route(const Site& site, std::string_view path);

    /// The route of `site` for all that is below `path`, written without the slash that it lacks: `/b/` for `/b`,
    /// where no route is for `/b` itself.
    static const Route* find_route_below(const Site& site, std::string_view path);

    /// How much content a request to `host` and `path` may have if its route says so.
    std::optional<std::uint64_t> body_limit(std::string_view host, std::string_view path) const;

  private:
    std::vector<std::unique_ptr<Site>> sites_;
    HostMap hosts_;
    const Site* default_site_ = nullptr;
    bool has_body_limits_ = false;
};

}  // namespace basehttp
