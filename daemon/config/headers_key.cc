#include "daemon/config/headers_key.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_pairs.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::FieldChange;
using basehttp::FieldRules;

constexpr std::string_view kSet = "set";
constexpr std::string_view kAdd = "add";
constexpr std::string_view kRemove = "remove";
constexpr std::string_view kAlways = "always";
constexpr std::array kWords{kSet, kAdd, kRemove, kAlways};

bool is_word(std::string_view name) {
    return std::ranges::find(kWords, name) != kWords.end();
}

auto named(std::string_view name) {
    return [name](const auto& other) {
        if constexpr (requires { other.first; })
            return basehttp::equals_ignoring_case(other.first, name);
        else
            return basehttp::equals_ignoring_case(other, name);
    };
}

// What to write in the place of a change that is the server's own affair.
std::string_view instead_of(std::string_view name, FieldChange change) {
    if (basehttp::equals_ignoring_case(name, "Content-Type")) return "write types: {ENDING: TYPE}";
    if (change == FieldChange::set && basehttp::may_change(name, FieldChange::add)) return "write it below 'add'";
    if (basehttp::may_change(name, FieldChange::remove)) return "it can be left out only, by 'remove'";
    return "leave it out";
}

bool check_name(ConfigMap& map, const ConfigNode& node, FieldChange change) {
    const std::string& name = node.text;
    if (!basehttp::is_token(name)) {
        map.report(node, fmt::format("{} is not the name of a field", in_quotes(name)),
                   "letters, digits and '-' make one, like Cache-Control");
        return false;
    }
    if (basehttp::may_change(name, change)) return true;
    map.report(node, fmt::format("{} is written by the server itself", in_quotes(name)),
               std::string(instead_of(name, change)));
    return false;
}

void read_remove(ConfigMap& map, FieldRules& rules) {
    map.for_each_text(kRemove, [&](const std::string& name, const ConfigNode& node) {
        if (!check_name(map, node, FieldChange::remove)) return;
        std::erase_if(rules.set, named(name));
        std::erase_if(rules.add, named(name));
        if (std::ranges::none_of(rules.remove, named(name))) rules.remove.push_back(name);
    });
}

void set_field(ConfigMap& map, FieldRules& rules, std::string value, const ConfigNode& name) {
    if (!check_name(map, name, FieldChange::set)) return;
    std::erase_if(rules.add, named(name.text));
    std::erase_if(rules.remove, named(name.text));
    put(rules.set, {name.text, std::move(value)}, &Pairs::value_type::first);
}

void add_field(ConfigMap& map, FieldRules& rules, std::string value, const ConfigNode& name) {
    if (!check_name(map, name, FieldChange::add)) return;
    const Pairs::value_type field{name.text, std::move(value)};
    if (std::ranges::find(rules.add, field) == rules.add.end()) rules.add.push_back(field);
}

// A field that is added several times has a list of values.
Document write_added(const Pairs& fields) {
    Document map = Document::map();
    for (auto field = fields.begin(); field != fields.end(); ++field) {
        if (std::any_of(fields.begin(), field, named(field->first))) continue;
        std::vector<std::string> values;
        for (auto same = field; same != fields.end(); ++same) {
            if (named(field->first)(*same)) values.push_back(same->second);
        }
        map.add(field->first, values.size() == 1 ? Document::of_text(values.front()) : Document::row(values));
    }
    return map;
}

}  // namespace

Document Headers::schema() {
    Document words =
        Document::map()
            .add(kSet, schema_of_texts())
            .add(kAdd, schema_of_type("object").add(
                           "additionalProperties",
                           schema_of_list(schema_of_any({schema_of_type("string"), schema_of_type("number")}))))
            .add(kRemove, schema_of_list(schema_of_type("string")))
            .add(kAlways, Switch::schema());
    return schema_of_texts().add("properties", std::move(words));
}

std::optional<Document> Headers::write(const FieldRules& rules) {
    if (rules.empty()) return std::nullopt;
    const auto is_reserved = [](const Pairs::value_type& field) { return is_word(field.first); };
    const bool plain = rules.add.empty() && rules.remove.empty() && !rules.always;
    if (plain && std::ranges::none_of(rules.set, is_reserved)) return write_pairs(rules.set);
    Document map = Document::map();
    if (!rules.set.empty()) map.add(kSet, write_pairs(rules.set));
    if (!rules.add.empty()) map.add(kAdd, write_added(rules.add));
    if (!rules.remove.empty()) map.add(kRemove, Document::row(rules.remove));
    if (rules.always) map.add(kAlways, Document::truth(true));
    return map;
}

// What is removed comes first, so that a route can replace by `add` what its site adds.
const ConfigNode* Headers::read(ConfigMap& map, std::string_view key, FieldRules& rules) {
    const ConfigNode* node = map.find(key);
    if (node == nullptr) return nullptr;
    ConfigMap words(*node, fmt::format("'{}'", key), map.errors());
    read_remove(words, rules);
    for (const ConfigNode::Entry& entry : node->entries) {
        const bool is_name = entry.key.kind == ConfigNode::Kind::scalar && !is_word(entry.key.text);
        if (!is_name || is_repeated(words, *node, entry.key)) continue;
        if (auto value = words.text_of(entry.value, entry.key.text))
            set_field(words, rules, *std::move(value), entry.key);
    }
    read_pairs(words, kSet, [&](std::string value, const ConfigNode::Entry& entry) {
        set_field(words, rules, std::move(value), entry.key);
    });
    read_entries(words, kAdd, [&](ConfigMap& fields, const ConfigNode::Entry& entry) {
        fields.for_each_text(entry.key.text, [&](const std::string& value, const ConfigNode&) {
            add_field(fields, rules, value, entry.key);
        });
    });
    words.read_switch(kAlways, rules.always);
    return node;
}

}  // namespace basehttpd
