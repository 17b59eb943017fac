// Maps whose keys are the operator's own: names of fields, endings, statuses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_map.h"
#include "daemon/config/document.h"

namespace basehttpd {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Whether `key` stands in the map `pairs` already, in another case, which is reported: the second of the two would
/// silently win.
bool is_repeated(ConfigMap& map, const ConfigNode& pairs, const ConfigNode& key);

/// Calls `accept(pairs, entry)` for each entry of the map that stands at `key`, with that map.
template <typename Accept>
void read_entries(ConfigMap& map, std::string_view key, Accept accept) {
    const ConfigNode* node = map.find(key);
    if (node == nullptr) return;
    ConfigMap pairs(*node, '\'' + std::string(key) + '\'', map.errors());
    for (const ConfigNode::Entry& entry : node->entries) {
        if (entry.key.kind != ConfigNode::Kind::scalar || is_repeated(map, *node, entry.key)) continue;
        accept(pairs, entry);
    }
}

/// Calls `accept(value, entry)` for each that has a text.
template <typename Accept>
void read_pairs(ConfigMap& map, std::string_view key, Accept accept) {
    read_entries(map, key, [&](ConfigMap& pairs, const ConfigNode::Entry& entry) {
        if (auto value = pairs.text_of(entry.value, entry.key.text)) accept(*std::move(value), entry);
    });
}

/// Puts `value` in the place of the one with the same name, case ignored, or at the end.
template <typename T>
void put(std::vector<T>& all, std::type_identity_t<T> value, std::string T::*name) {
    for (T& other : all) {
        if (!basehttp::equals_ignoring_case(other.*name, value.*name)) continue;
        other = std::move(value);
        return;
    }
    all.push_back(std::move(value));
}

Document schema_of_texts();
Document write_pairs(const Pairs& pairs);

}  // namespace basehttpd
