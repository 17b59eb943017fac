// SiteNames: what logs call the site that a request was for, worked out from the host that it asked for. For the
// master, who serves no site.
#pragma once

#include <string_view>

#include "basehttp/server/router.h"
#include "daemon/config/config.h"

namespace basehttpd {

class SiteNames {
  public:
    explicit SiteNames(const Config& config);

    /// The first host of the site for `host`, `*` where it has none, empty where no site is for it. Good as long as
    /// this.
    std::string_view of(std::string_view host) const;

  private:
    basehttp::Router router_;  // of sites without routes
};

}  // namespace basehttpd
