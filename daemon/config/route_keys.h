// The routes of a site: `path`, `handler`, and the keys of that handler.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

/// The kind of the key `routes`: it is read when the rest of the site is, since routes start from that.
struct Routes {
    static std::string_view word() { return "list"; }
    static std::string bounds() { return {}; }
    static std::vector<const KeyFacts*> below();
    static Document schema();
    static std::optional<Document> write(const SiteConfig& site);
    static void read(ConfigMap& map, std::string_view key, SiteConfig& site);
};

}  // namespace basehttpd
