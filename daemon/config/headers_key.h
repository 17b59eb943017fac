// Headers: the kind of the key `headers`, what is changed in the field lines of responses.
#pragma once

#include <optional>
#include <string_view>

#include "basehttp/protocol/field_rules.h"
#include "daemon/config/config_kinds.h"

namespace basehttpd {

/// `{set: {NAME: VALUE}, add: {NAME: [VALUE]}, remove: [NAME], always: SWITCH}`; a name that is none of these words
/// counts as written below `set`. What is read is joined with what is there: a route starts from its site.
struct Headers {
    static std::string_view word() { return "map"; }
    static std::string bounds() {
        return "NAME: VALUE or set: {NAME: VALUE}, add: {NAME: VALUE}, remove: [NAME], always: SWITCH";
    }
    static Document schema();
    static std::optional<Document> write(const basehttp::FieldRules& rules);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, basehttp::FieldRules& rules);
};

}  // namespace basehttpd
