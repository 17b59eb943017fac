// What a site is called, and a host for requests to it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config.h"

namespace basehttpd {

/// As logs have it: the first of its hosts, or `*`.
std::string_view site_name(const SiteConfig& site);

/// A host for somebody who asks for the site and names none: the one that the site redirects to, or the first of its
/// names; for a site without a name one that nobody has.
std::string a_host_of(const SiteConfig& site);

}  // namespace basehttpd
