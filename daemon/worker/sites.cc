#include "daemon/worker/sites.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "basehttp/protocol/response_head.h"
#include "basehttp/text/ascii.h"

namespace basehttpd {

namespace {

// A part of the descriptors this process may have: the others are for connections.
std::size_t descriptors_to_keep() {
    constexpr rlim_t kShare = 8;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur / kShare, 1'000'000));
}

// The field lines that each file of a route is sent with.
std::string field_lines(const FilesConfig& config) {
    std::string lines;
    bool says_cache_control = false;
    for (const auto& [name, value] : config.headers) {
        basehttp::append_field_line(lines, name, value);
        says_cache_control = says_cache_control || basehttp::equals_ignoring_case(name, "Cache-Control");
    }
    if (config.expires && !says_cache_control) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(*config.expires);
        basehttp::append_field_line(lines, "Cache-Control", fmt::format("max-age={}", age.count()));
    }
    return lines;
}

}  // namespace

std::expected<Sites, std::string> Sites::open(const Config& config, MissingRoots missing_roots) {
    basehttp::FileCacheLimits limits = config.file_cache;
    limits.descriptors = descriptors_to_keep();
    Sites sites(limits, missing_roots);
    for (const SiteConfig& each : config.sites) {
        if (auto added = sites.add_site(each); !added) return std::unexpected(added.error());
    }
    return sites;
}

std::expected<void, std::string> Sites::add_site(const SiteConfig& config) {
    basehttp::Site site;
    site.hosts = config.hosts;
    site.strictness = config.strictness;
    if (!config.root.empty()) {
        if (auto added = add_files(site, config, "/", config.root); !added) return added;
    }
    for (const RouteConfig& route : config.routes) {
        switch (route.handler) {
            case RouteConfig::Handler::files:
                if (auto added = add_files(site, route.files, route.path, route.root); !added) return added;
                break;
            case RouteConfig::Handler::redirect:
                add_redirect(site, route);
                break;
        }
    }
    for (const ErrorPageConfig& page : config.error_pages) {
        auto content = basehttp::ErrorPages::parse(page.page.text);
        if (!content) return std::unexpected("error page " + page.page.file + ": " + content.error().message);
        site.error_pages.add(page.status, *std::move(content),
                             std::string(types_for(config)->type_of(page.page.file)));
    }
    router_.add(std::move(site));
    return {};
}

std::expected<void, std::string> Sites::add_files(basehttp::Site& site, const FilesConfig& config,
                                                  const std::string& path, const std::string& root) {
    auto folder = open_root(root, config.symlinks);
    if (!folder) return std::unexpected(folder.error());
    const basehttp::ListingTemplate* listing_page = nullptr;
    if (!config.listing_template.file.empty()) {
        auto page = basehttp::ListingTemplate::parse(config.listing_template.text);
        if (!page)
            return std::unexpected("listing template " + config.listing_template.file + ": " + page.error().message);
        listing_page = &listing_pages_.emplace_back(*std::move(page));
    }
    std::optional<std::chrono::seconds> expires;
    if (config.expires) expires = std::chrono::duration_cast<std::chrono::seconds>(*config.expires);
    files_.push_back({.source = {.root = std::move(*folder),
                                 .types = types_for(config),
                                 .field_lines = field_lines(config),
                                 .precompressed = config.precompressed},
                      .cache = cache_.get(),
                      .folder = root,
                      .prefix = path,
                      .index = config.index,
                      .listing = config.listing,
                      .listings = listings_.get(),
                      .listing_page = listing_page,
                      .hidden_files = config.hidden_files,
                      .expires = expires,
                      .headers = config.headers});
    const basehttp::StaticFilesOptions* options = &files_.back();
    site.routes.push_back({path, basehttp::handler<basehttp::StaticFiles>(options)});
    return {};
}

std::expected<basehttp::FileRoot, std::string> Sites::open_root(const std::string& root,
                                                                basehttp::Symlinks symlinks) {
    auto folder = basehttp::FileRoot::open(root, symlinks);
    if (folder) return *std::move(folder);
    const std::string problem = "root " + root + ": " + folder.error().text();
    if (missing_roots_ == MissingRoots::refuse) return std::unexpected(problem);
    missing_.push_back(problem + "; what is asked for there is refused until a reload");
    return basehttp::FileRoot::missing(folder.error());
}

const basehttp::MediaTypes* Sites::types_for(const FilesConfig& config) {
    if (config.types.empty()) return types_.get();
    basehttp::MediaTypes& own = own_types_.emplace_back(*types_);
    for (const auto& [ending, type] : config.types)
        own.set(ending, type);
    return &own;
}

void Sites::add_redirect(basehttp::Site& site, const RouteConfig& route) {
    redirects_.push_back({route.path, route.to, route.status, route.files.headers});
    const basehttp::RedirectOptions* options = &redirects_.back();
    site.routes.push_back({route.path, basehttp::handler<basehttp::Redirect>(options)});
}

basehttp::Limits Sites::limits_for(const Config& config) {
    basehttp::Limits limits = config.limits;
    for (const SiteConfig& site : config.sites)
        limits.strictness = std::min(limits.strictness, site.strictness);
    return limits;
}

}  // namespace basehttpd
