// The keys of a site.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

KeyTable<SiteConfig> site_keys();

/// The kind of the key `sites`, which SiteReader reads: the sites of several files are one list.
struct SiteList {
    static std::string_view word() { return "list"; }
    static std::string bounds() { return {}; }
    static std::vector<const KeyFacts*> below() { return facts_of(site_keys()); }
    static Document schema();
    static std::optional<Document> write(const std::vector<SiteConfig>& sites);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<SiteConfig>&) {
        return map.find_bare(key);
    }
};

}  // namespace basehttpd
