#include "daemon/config/config_explanation.h"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/config/config_defaults.h"
#include "daemon/config/config_keys.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/config_printer.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

void collect(const std::string& above, const std::vector<const KeyFacts*>& keys, std::vector<NamedKey>& all) {
    for (const KeyFacts* key : keys) {
        const std::string path = above.empty() ? std::string(key->name) : fmt::format("{}.{}", above, key->name);
        all.push_back({path, key});
        if (key->below != nullptr) collect(path, key->below(), all);
    }
}

// `sites[example.org].root` as `sites.root`.
std::string without_items(std::string_view path) {
    std::string plain;
    int depth = 0;
    for (const char c : path) {
        if (c == '[') ++depth;
        if (depth == 0) plain += c;
        if (c == ']' && depth > 0) --depth;
    }
    return plain;
}

bool is_block(const KeyFacts& key) {
    return key.below != nullptr && key.word() == "keys";
}

std::string explain(const NamedKey& key) {
    const KeyFacts& facts = *key.facts;
    const std::string bounds = facts.bounds();
    std::string text =
        fmt::format("{}: {}{}{}\n  {}\n", key.path, facts.word(), bounds.empty() ? "" : ", ", bounds, facts.says);
    if (!is_block(facts)) text += fmt::format("  Default: {}.\n", default_text(facts));
    text += fmt::format("  Since {}. {}\n", facts.since, facts.restart ? "Needs a restart." : "A reload is enough.");
    return text;
}

// What stands directly below a block, a line each.
std::string list_below(const NamedKey& key) {
    if (key.facts->below == nullptr) return {};
    const auto below = key.facts->below();
    const auto longest = std::ranges::max(below, {}, [](const KeyFacts* each) { return each->name.size(); });
    std::string text = "  Below it:\n";
    for (const KeyFacts* each : below)
        text += fmt::format("    {:{}}  {}\n", each->name, longest->name.size(), each->says);
    return text;
}

// The key that was meant: one that ends in what was written, else the nearest.
std::string suggest_key(const std::string& path, const std::vector<NamedKey>& all) {
    std::vector<std::string_view> paths;
    std::vector<std::string> endings;
    for (const NamedKey& key : all) {
        const bool again = std::ranges::find(paths, key.path) != paths.end();
        if (!again) paths.push_back(key.path);
        if (!again && key.path.ends_with('.' + path)) endings.push_back(in_quotes(key.path));
    }
    if (endings.empty()) {
        const std::string_view nearest = nearest_name(path, paths);
        return nearest.empty() ? "'basehttpd explain' lists all keys" : fmt::format("did you mean '{}'?", nearest);
    }
    const std::vector<std::string_view> views(endings.begin(), endings.end());
    return fmt::format("did you mean {}?", join_alternatives(views));
}

}  // namespace

std::vector<NamedKey> all_keys() {
    std::vector<NamedKey> all;
    collect({}, facts_of(server_keys()), all);
    return all;
}

std::string default_text(const KeyFacts& key) {
    if (!key.needed.empty()) return "required";
    if (!key.unset.empty()) return std::string(key.unset);
    const auto preset = key.preset == nullptr ? std::nullopt : key.preset();
    return preset ? to_line(*preset) : "none";
}

std::expected<std::string, std::string> explain_key(std::string_view path) {
    const std::vector<NamedKey> all = all_keys();
    const std::string plain = without_items(path);
    std::string text;
    for (const NamedKey& key : all) {
        if (plain.empty()) text += explain(key);
        if (key.path == plain) text += explain(key) + list_below(key);
    }
    if (text.empty())
        return std::unexpected(fmt::format("unknown key {}; {}", in_quotes(path), suggest_key(plain, all)));
    return text;
}

std::string print_defaults() {
    Config config = default_config({});
    config.workers.count = 0;  // auto: not what it is on this machine
    config.sites.emplace_back().root = "/srv/www";
    return print_config(config);
}

std::string config_schema() {
    Document schema = Document::map()
                          .add("$schema", Document::of_text("http://json-schema.org/draft-07/schema#"))
                          .add("title", Document::of_text("basehttpd.yaml"));
    for (Document::Entry& entry : schema_of_keys(facts_of(server_keys())).entries)
        schema.entries.push_back(std::move(entry));
    return to_json(schema);
}

}  // namespace basehttpd
