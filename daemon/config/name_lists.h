// Kinds of lists of names of the protocol: methods and fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_kinds.h"

namespace basehttpd {

/// Methods are names in capitals, since case counts for them (RFC 9110, section 9.1).
struct Methods {
    static std::string_view word() { return "list of names"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_pattern("^[A-Z]+$")); }
    static std::optional<Document> write(const std::vector<std::string>& methods);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>& methods);
};

/// Names of fields, or `*` for all.
struct FieldNames {
    static std::string_view word() { return "list of names"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_type("string")); }
    static std::optional<Document> write(const std::vector<std::string>& names);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>& names);
};

}  // namespace basehttpd
