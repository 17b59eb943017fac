// A host for requests to a site, where somebody asks for the site and names none. Pure.
#pragma once

#include <string>

#include "daemon/config/config.h"

namespace basehttpd {

/// A host for somebody who asks for the site and names none: the one that the site redirects to, or the first of its
/// names; for a site without a name one that nobody has.
std::string a_host_of(const SiteConfig& site);

}  // namespace basehttpd
