// The keys that say which clients a site or a route is for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/server/client_rules.h"
#include "daemon/config/config_kinds.h"

namespace basehttpd {

KeyTable<basehttp::ClientRules> client_keys();

/// Addresses and networks.
struct AddressRanges {
    static std::string_view word() { return "list of networks"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_type("string")); }
    static std::optional<Document> write(const std::vector<basehttp::AddressRange>& ranges);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<basehttp::AddressRange>& ranges);

    /// One of them; nothing where it is wrong and reported.
    static std::optional<basehttp::AddressRange> read_item(ConfigMap& map, std::string_view key,
                                                           const std::string& text, const ConfigNode& node);
};

}  // namespace basehttpd
