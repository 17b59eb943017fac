#include "daemon/check/site_host.h"

namespace basehttpd {

std::string a_host_of(const SiteConfig& site) {
    if (!site.canonical_host.empty()) return site.canonical_host;
    for (const std::string& host : site.hosts) {
        if (host == "*") continue;
        return host.starts_with("*.") ? "any" + host.substr(1) : host;
    }
    return "any.invalid";  // a name that nobody has (RFC 6761, 6.4)
}

}  // namespace basehttpd
