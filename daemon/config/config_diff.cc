#include "daemon/config/config_diff.h"

#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/config_node.h"
#include "daemon/config/config_parser.h"
#include "daemon/config/config_printer.h"
#include "daemon/config/config_source.h"

namespace basehttpd {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

void flatten(const ConfigNode& node, const std::string& path, Values& values) {
    switch (node.kind) {
        case ConfigNode::Kind::nothing:
            values.emplace_back(path, "");
            return;
        case ConfigNode::Kind::scalar:
            values.emplace_back(path, node.text);
            return;
        case ConfigNode::Kind::list:
            for (std::size_t i = 0; i < node.items.size(); ++i)
                flatten(node.items[i], fmt::format("{}[{}]", path, i), values);
            return;
        case ConfigNode::Kind::map:
            for (const auto& [key, value] : node.entries)
                flatten(value, path.empty() ? key.text : path + '.' + key.text, values);
            return;
    }
}

// What the printer writes has every key, so that a default that is written out is no change.
Values values_of(const Config& config) {
    const ConfigSource source("configuration", print_config(config));
    Values values;
    if (const auto root = parse_yaml(source)) flatten(*root, {}, values);
    return values;
}

std::map<std::string_view, std::string_view> by_key(const Values& values) {
    return {values.begin(), values.end()};
}

}  // namespace

std::vector<std::string> changed_keys(const Config& before, const Config& after) {
    const Values old_values = values_of(before);
    const Values new_values = values_of(after);
    const auto old_by_key = by_key(old_values);
    const auto new_by_key = by_key(new_values);
    std::vector<std::string> lines;
    for (const auto& [key, value] : old_values) {
        const auto now = new_by_key.find(key);
        const std::string_view text = now == new_by_key.end() ? "(none)" : now->second;
        if (now == new_by_key.end() || text != value) lines.push_back(fmt::format("{}: {} -> {}", key, value, text));
    }
    for (const auto& [key, value] : new_values) {
        if (!old_by_key.contains(key)) lines.push_back(fmt::format("{}: (none) -> {}", key, value));
    }
    return lines;
}

}  // namespace basehttpd
