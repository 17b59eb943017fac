// The keys that say who must give a name and a password.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

KeyTable<AuthConfig> auth_keys();

/// Keys of auth_keys(), or `none` for everybody.
struct Auth {
    static std::string_view word() { return "keys"; }
    static std::string bounds() { return "or none"; }
    static std::vector<const KeyFacts*> below() { return facts_of(auth_keys()); }
    static Document schema();
    static std::optional<Document> write(const AuthConfig& auth);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, AuthConfig& auth);
};

}  // namespace basehttpd
