// Sites: what the configuration's sites serve, opened: the folders, and the router with a handler for each route.
// Made by each worker after it has become its user, so that the kernel judges what may be read.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "basehttp/handlers/redirect.h"
#include "basehttp/handlers/static_files.h"
#include "basehttp/server/router.h"
#include "daemon/config/config.h"
#include "daemon/config/missing_roots.h"

namespace basehttpd {

class Sites {
  public:
    /// Opens all roots. The error is a sentence that names the first folder that cannot be opened.
    static std::expected<Sites, std::string> open(const Config& config, MissingRoots missing_roots);

    /// A sentence for each folder that is served without.
    const std::vector<std::string>& missing() const { return missing_; }

    /// The limits that a parser needs before it is known which site is asked for: as lenient as the most lenient
    /// site.
    static basehttp::Limits limits_for(const Config& config);

    const basehttp::Router& router() const { return router_; }

  private:
    // Enough for some ten listings of 100 000 entries at once, in each worker.
    static constexpr std::size_t kListingMemory = std::size_t{64} << 20;

    Sites(const basehttp::FileCacheLimits& limits, MissingRoots missing_roots)
        : missing_roots_(missing_roots),
          types_(std::make_unique<basehttp::MediaTypes>(basehttp::MediaTypes::of_system())),
          cache_(std::make_unique<basehttp::FileCache>(limits)),
          listings_(std::make_unique<basehttp::MemoryBudget>(kListingMemory)) {}

    std::expected<void, std::string> add_site(const SiteConfig& config);
    std::expected<basehttp::FileRoot, std::string> open_root(const std::string& root, basehttp::Symlinks symlinks);
    std::expected<void, std::string> add_files(basehttp::Site& site, const FilesConfig& config,
                                               const std::string& path, const std::string& root);
    const basehttp::MediaTypes* types_for(const FilesConfig& config);
    void add_redirect(basehttp::Site& site, const RouteConfig& route);

    MissingRoots missing_roots_;
    std::vector<std::string> missing_;
    std::unique_ptr<basehttp::MediaTypes> types_;
    std::unique_ptr<basehttp::FileCache> cache_;
    std::unique_ptr<basehttp::MemoryBudget> listings_;
    // Handlers point into these: a deque moves none of its members when it grows or is moved.
    std::deque<basehttp::MediaTypes> own_types_;
    std::deque<basehttp::ListingTemplate> listing_pages_;
    std::deque<basehttp::StaticFilesOptions> files_;
    std::deque<basehttp::RedirectOptions> redirects_;
    basehttp::Router router_;
};

}  // namespace basehttpd
