// The keys that say which proxies are believed about their clients, and in which fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

/// Addresses, networks and `unix`, as `trusted_proxies` has them.
struct ProxyAddresses {
    static std::string_view word() { return "list of networks"; }
    static std::string bounds() { return "or unix"; }
    static Document schema();
    static std::optional<Document> write(const Config& config);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, Config& config);
};

/// The fields that all of the proxies set. To be read after ProxyAddresses: without proxies there are none.
struct ProxyFields {
    static std::string_view word() { return "list of words"; }
    static std::string bounds();
    static Document schema();
    static std::optional<Document> write(const Config& config);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, Config& config);
};

}  // namespace basehttpd
