// Sites: what the configuration's sites serve, opened: the folders, and the router with a handler for each route.
// Made by each worker after it has become its user, so that the kernel judges what may be read.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basehttp/server/router.h"
#include "daemon/config/config.h"
#include "daemon/config/handlers/handler_resources.h"
#include "daemon/config/missing_roots.h"
#include "daemon/worker/basic_authentication.h"

namespace basehttpd {

class Sites {
  public:
    /// Opens all roots. The error is a sentence that names the first folder that cannot be opened.
    /// `status` is what status pages show, and must outlive what is opened.
    static std::expected<Sites, std::string> open(const Config& config, MissingRoots missing_roots,
                                                  const basehttp::StatusSource& status);

    /// A sentence for each folder that is served without.
    const std::vector<std::string>& missing() const { return resources_.missing(); }

    /// The limits that a parser needs before it is known which site is asked for: as lenient as the most lenient
    /// site.
    static basehttp::Limits limits_for(const Config& config);

    const basehttp::Router& router() const { return router_; }

    /// Gives the router to an owner that this must outlive.
    basehttp::Router release_router() { return std::move(router_); }

    /// To be called before the loop goes that has served them.
    void close_kept_connections() { resources_.close_kept_connections(); }

    /// Whether any of them asks for passwords.
    bool asks_for_passwords() const { return !authentications_.empty(); }

    /// The password file `path` holds `text` from now on.
    void replace_passwords(std::string_view path, std::string_view text) const;

  private:
    Sites(const basehttp::FileCacheLimits& limits, MissingRoots missing_roots, const basehttp::StatusSource& status)
        : resources_(limits, missing_roots, status) {}

    std::expected<void, std::string> add_site(const SiteConfig& config);
    std::shared_ptr<BasicAuthentication> authentication_of(const std::optional<AuthConfig>& config);

    HandlerResources resources_;  // handlers point into it
    basehttp::Router router_;
    std::shared_ptr<PasswordChecks> checks_ = std::make_shared<PasswordChecks>();
    std::map<std::pair<std::string, std::string>, std::shared_ptr<BasicAuthentication>>
        authentications_;  // file, realm
};

}  // namespace basehttpd
