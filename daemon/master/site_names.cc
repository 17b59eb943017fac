#include "daemon/master/site_names.h"

namespace basehttpd {

SiteNames::SiteNames(const Config& config) {
    for (const SiteConfig& each : config.sites) {
        basehttp::Site site;
        site.hosts = each.hosts;
        router_.add(std::move(site));
    }
}

std::string_view SiteNames::of(std::string_view host) const {
    const basehttp::Site* site = router_.find_site(host);
    return site == nullptr ? std::string_view{} : site->name();
}

}  // namespace basehttpd
