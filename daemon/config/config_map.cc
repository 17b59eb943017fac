#include "daemon/config/config_map.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_value.h"
#include "daemon/config/foreign_keys.h"
#include "daemon/config/foreign_values.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

ConfigMap::ConfigMap(const ConfigNode& node, std::string name, std::vector<ConfigError>& errors)
    : node_(&node), name_(std::move(name)), errors_(&errors) {
    if (node.kind != ConfigNode::Kind::map) {
        report(node, fmt::format("{} takes keys with values, not {}", name_, node.description()),
               hint_for_block(name_, node));
    }
    report_duplicates();
}

void ConfigMap::report_duplicates() {
    std::map<std::string_view, const ConfigNode*> seen;
    for (const ConfigNode::Entry& entry : node_->entries) {
        if (entry.key.kind != ConfigNode::Kind::scalar) {
            report(entry.key, fmt::format("a key is a word, not {}", entry.key.description()));
            continue;
        }
        const auto [first, is_new] = seen.emplace(entry.key.text, &entry.key);
        if (is_new) continue;
        report(entry.key, fmt::format("duplicate key {}", in_quotes(entry.key.text)),
               fmt::format("it is already on line {}", first->second->line));
    }
}

void ConfigMap::know(std::string_view key) {
    if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
}

const ConfigNode* ConfigMap::find_bare(std::string_view key) {
    know(key);
    for (const ConfigNode::Entry& entry : node_->entries) {
        if (entry.key.kind == ConfigNode::Kind::scalar && entry.key.text == key) return &entry.value;
    }
    return nullptr;
}

const ConfigNode* ConfigMap::find(std::string_view key) {
    const ConfigNode* value = find_bare(key);
    if (value == nullptr || value->kind != ConfigNode::Kind::nothing) return value;
    if (std::ranges::find(without_value_, key) != without_value_.end()) return nullptr;
    without_value_.push_back(key);
    report(*value, fmt::format("'{}' has no value", key), "give it one, or leave the key out");
    return nullptr;
}

std::optional<std::string> ConfigMap::text_of(const ConfigNode& node, std::string_view key) {
    if (node.kind != ConfigNode::Kind::scalar) {
        report(node, fmt::format("'{}' takes one value, not {}", key, node.description()), hint_for_text(key, node));
        return std::nullopt;
    }
    if (node.text.empty()) {
        report(node, fmt::format("'{}' is empty", key));
        return std::nullopt;
    }
    if (has_control_character(node.text)) {
        report(node, fmt::format("'{}' has a control character in it", key));
        return std::nullopt;
    }
    return node.text;
}

const ConfigNode* ConfigMap::read_text(std::string_view key, std::string& out) {
    const ConfigNode* node = find(key);
    if (node == nullptr) return nullptr;
    auto text = text_of(*node, key);
    if (!text) return nullptr;
    out = *std::move(text);
    return node;
}

// Reads the text of `key`, makes a value of it by `parse`, and reports why that cannot be done.
template <typename Parse>
auto ConfigMap::parsed(std::string_view key, Parse parse) {
    std::string text;
    const ConfigNode* node = read_text(key, text);
    using Value = typename decltype(parse(text))::value_type;
    if (node == nullptr) return std::optional<Value>();
    const auto value = parse(text);
    if (value) return std::optional<Value>(*value);
    std::string hint = value.error().hint;
    if (text.ends_with(',') || text.ends_with(';')) hint = fmt::format("leave out the '{}' at its end", text.back());
    report(*node, fmt::format("'{}': {} is {}", key, in_quotes(text), value.error().message), std::move(hint));
    return std::optional<Value>();
}

// Passes `value` on where it lies in `range`, else reports it; `format` writes values as the user would.
template <typename T, typename Format>
std::optional<T> ConfigMap::within(std::string_view key, std::optional<T> value, Range<T> range, Format format) {
    const bool zero_allowed = !range.zero.empty();
    if (!value || (*value >= range.least && *value <= range.most) || (zero_allowed && *value == T{})) return value;
    const std::string zero = zero_allowed && range.least != T{} ? fmt::format(", or 0 for {}", range.zero) : "";
    report(*find(key),
           fmt::format("'{}' must be from {} to {}{}", key, format(range.least), format(range.most), zero));
    return std::nullopt;
}

const ConfigNode* ConfigMap::read_switch(std::string_view key, bool& out) {
    return assign(key, parsed(key, parse_switch), out);
}

const ConfigNode* ConfigMap::read_duration(std::string_view key, Range<std::chrono::milliseconds> range,
                                           std::chrono::milliseconds& out) {
    return assign(key, within(key, parsed(key, parse_duration), range, format_duration), out);
}

std::optional<std::uint64_t> ConfigMap::checked_size(std::string_view key, Numbers range) {
    return within(key, parsed(key, parse_size), range, format_size);
}

std::optional<std::uint64_t> ConfigMap::checked_count(std::string_view key, Numbers range) {
    return within(key, parsed(key, parse_count), range, [](std::uint64_t count) { return std::to_string(count); });
}

std::optional<std::size_t> ConfigMap::read_word(std::string_view key, std::span<const std::string_view> names) {
    std::string text;
    const ConfigNode* node = read_text(key, text);
    if (node == nullptr) return std::nullopt;
    const auto found = std::ranges::find(names, text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    report(*node, fmt::format("unknown {} {}", key, in_quotes(text)), suggest(text, names));
    return std::nullopt;
}

const ConfigNode* ConfigMap::for_each_text(std::string_view key, const ReadText& read) {
    return for_each_value(key, [&](const ConfigNode& node) {
        if (const auto text = text_of(node, key)) read(*text, node);
    });
}

const ConfigNode* ConfigMap::for_each_value(std::string_view key,
                                            const std::function<void(const ConfigNode&)>& read) {
    const ConfigNode* node = find(key);
    if (node == nullptr) return nullptr;
    if (node->kind == ConfigNode::Kind::scalar) {
        read(*node);
    } else if (node->kind == ConfigNode::Kind::list && !node->items.empty()) {
        std::ranges::for_each(node->items, read);
    } else if (node->kind == ConfigNode::Kind::list) {
        report(*node, fmt::format("the list of '{}' is empty", key), "leave the key out for its default");
    } else {
        report(*node, fmt::format("'{}' takes a value or a list of values, not {}", key, node->description()),
               hint_for_text(key, *node));
    }
    return node;
}

const ConfigNode* ConfigMap::for_each_item(std::string_view key, const std::function<void(const ConfigNode&)>& read) {
    const ConfigNode* node = find(key);
    if (node == nullptr) return nullptr;
    if (node->kind == ConfigNode::Kind::list) {
        std::ranges::for_each(node->items, read);
    } else {
        report(*node, fmt::format("'{}' takes a list, not {}", key, node->description()), hint_for_list(key, *node));
    }
    return node;
}

void ConfigMap::report_absence(std::string message, std::string hint) {
    absences_.push_back(node_->error(std::move(message), std::move(hint)));
}

void ConfigMap::finish(const std::string& hint) {
    bool complete = true;
    for (const ConfigNode::Entry& entry : node_->entries) {
        if (entry.key.kind != ConfigNode::Kind::scalar) continue;
        const bool known = std::ranges::find(known_, entry.key.text) != known_.end();
        if (known || entry.key.text.starts_with("x-")) continue;
        report_unknown(entry, hint);
        complete = false;
    }
    if (complete) std::ranges::move(absences_, std::back_inserter(*errors_));
    absences_.clear();
}

// A key of another program, one with its value stuck to it, or a misspelt one.
void ConfigMap::report_unknown(const ConfigNode::Entry& entry, const std::string& hint) {
    const ConfigNode& key = entry.key;
    const std::string_view text = key.text;
    const std::string_view word = text.substr(0, basehttp::token_size(text));
    const bool known = std::ranges::find(known_, word) != known_.end();
    const std::string separated = with_separator(text);
    if (known && word.size() < text.size() && !separated.empty()) {
        report(key,
               text[word.size()] == ':' ? fmt::format("a space is missing after '{}:'", word)
                                        : fmt::format("a ':' is missing after '{}'", word),
               "write " + separated);
        return;
    }
    std::string advice = hint;
    if (advice.empty()) advice = explain_foreign_key(text);
    if (advice.empty() && entry.value.anchored)
        advice = fmt::format("write x-{} if it only holds what aliases repeat", text);
    if (advice.empty()) advice = suggest(text, known_);
    report(key, fmt::format("unknown key {}", in_quotes(text)), std::move(advice));
}

void ConfigMap::report(const ConfigNode& node, std::string message, std::string hint) {
    errors_->push_back(node.error(std::move(message), std::move(hint)));
}

void ConfigMap::report(const ConfigNode& node, std::string_view key, std::string_view text,
                       const ValueProblem& problem) {
    report(node, fmt::format("'{}': {} {}", key, in_quotes(text), problem.message), problem.hint);
}

}  // namespace basehttpd
