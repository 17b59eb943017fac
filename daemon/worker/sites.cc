#include "daemon/worker/sites.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <variant>

namespace basehttpd {

namespace {

// A part of the descriptors this process may have: the others are for connections.
std::size_t descriptors_to_keep() {
    constexpr rlim_t kShare = 8;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur / kShare, 1'000'000));
}

std::optional<basehttp::HeadEditor> editor_of(const basehttp::FieldRules& rules) {
    if (rules.empty()) return std::nullopt;
    return basehttp::HeadEditor(rules);
}

// The status of a `respond` route is what the operator wants to see, be it that of an error.
std::optional<basehttp::HeadEditor> editor_of(const RouteConfig& route) {
    basehttp::FieldRules rules = route.headers;
    rules.always = rules.always || std::holds_alternative<RespondHandler>(route.handler);
    return editor_of(rules);
}

}  // namespace

std::expected<Sites, std::string> Sites::open(const Config& config, MissingRoots missing_roots,
                                              const basehttp::StatusSource& status) {
    basehttp::FileCacheLimits limits = config.file_cache;
    limits.descriptors = descriptors_to_keep();
    Sites sites(limits, missing_roots, status);
    for (const SiteConfig& each : config.sites) {
        if (auto added = sites.add_site(each); !added) return std::unexpected(added.error());
    }
    return sites;
}

std::expected<void, std::string> Sites::add_site(const SiteConfig& config) {
    basehttp::Site site;
    site.hosts = config.hosts;
    site.canonical_host = config.canonical_host;
    site.strictness = config.strictness;
    site.fields = editor_of(config.headers);
    for (const RouteConfig& route : config.routes) {
        auto handlers = std::visit([&](const auto& own) { return own.make(route.path, resources_); }, route.handler);
        if (!handlers) return std::unexpected(handlers.error());
        site.routes.push_back({.path = route.path,
                               .handlers = *std::move(handlers),
                               .body_limit = route.body,
                               .methods = route.methods,
                               .clients = static_cast<const basehttp::ClientRules&>(route),
                               .fields = editor_of(route),
                               .cors = route.cors,
                               .authentication = authentication_of(route.auth)});
    }
    // Behind the routes: of two for one path the first is found, and a route says more than the root.
    if (!config.root.empty()) {
        FilesHandler files(config);
        files.root = config.root;
        auto handlers = files.make("/", resources_);
        if (!handlers) return std::unexpected(handlers.error());
        site.routes.push_back({.path = "/",
                               .handlers = *std::move(handlers),
                               .clients = static_cast<const basehttp::ClientRules&>(config),
                               .fields = editor_of(config.headers),
                               .cors = config.cors,
                               .authentication = authentication_of(config.auth)});
    }
    for (const ErrorPageConfig& page : config.error_pages) {
        auto content = basehttp::ErrorPages::parse(page.page.text);
        if (!content) return std::unexpected("error page " + page.page.file + ": " + content.error().message);
        site.error_pages.add(page.status, *std::move(content),
                             std::string(resources_.types_with(config.types)->type_of(page.page.file)));
    }
    router_.add(std::move(site));
    return {};
}

// One for each file and realm: who has proved to be somebody on one site has on the others.
std::shared_ptr<BasicAuthentication> Sites::authentication_of(const std::optional<AuthConfig>& config) {
    if (!config || config->htpasswd.empty()) return nullptr;
    auto& known = authentications_[{config->htpasswd, config->realm}];
    if (known == nullptr) known = std::make_shared<BasicAuthentication>(config->realm, config->text, checks_);
    return known;
}

void Sites::replace_passwords(std::string_view path, std::string_view text) const {
    for (const auto& [file_and_realm, authentication] : authentications_) {
        if (file_and_realm.first == path) authentication->replace(text);
    }
}

basehttp::Limits Sites::limits_for(const Config& config) {
    basehttp::Limits limits = config.limits;
    for (const SiteConfig& site : config.sites)
        limits.strictness = std::min(limits.strictness, site.strictness);
    return limits;
}

}  // namespace basehttpd
