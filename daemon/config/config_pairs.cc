#include "daemon/config/config_pairs.h"

#include <fmt/format.h>

#include "daemon/config/config_kinds.h"
#include "daemon/text/words.h"

namespace basehttpd {

bool is_repeated(ConfigMap& map, const ConfigNode& pairs, const ConfigNode& key) {
    for (const ConfigNode::Entry& entry : pairs.entries) {
        if (&entry.key == &key) return false;
        if (entry.key.text == key.text || !basehttp::equals_ignoring_case(entry.key.text, key.text)) continue;
        map.report(key, fmt::format("duplicate {}: case does not count", in_quotes(key.text)),
                   fmt::format("it is already on line {}", entry.key.line));
        return true;
    }
    return false;
}

Document schema_of_texts() {
    return schema_of_type("object").add("additionalProperties",
                                        schema_of_any({schema_of_type("string"), schema_of_type("number")}));
}

Document write_pairs(const Pairs& pairs) {
    Document map = Document::map();
    for (const auto& [name, value] : pairs)
        map.add(name, Document::of_text(value));
    return map;
}

}  // namespace basehttpd
