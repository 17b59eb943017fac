// The kinds of values that several keys have in common; what a kind has to offer is said in config_key.h. Each is a
// structural type, so that a row gives it its bounds at compile time.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_key.h"
#include "daemon/config/config_value.h"

namespace basehttpd {

/// A few words within a kind: a literal.
struct Words {
    char text[40]{};

    consteval Words() = default;
    template <std::size_t size>
    consteval Words(const char (&literal)[size]) {  // NOLINT(google-explicit-constructor): reads as the literal
        static_assert(size <= sizeof(text));
        for (std::size_t i = 0; i < size; ++i)
            text[i] = literal[i];
    }
    constexpr operator std::string_view() const { return text; }  // NOLINT(google-explicit-constructor)
};

/// `LEAST to MOST`, and what 0 stands for where it has a meaning of its own.
std::string bounds_text(std::string_view least, std::string_view most, std::string_view zero);

// What schemas are made of.
Document schema_of_type(std::string_view type);
Document schema_of_pattern(std::string_view pattern);
Document schema_of_range(std::uint64_t least, std::uint64_t most);
Document schema_of_choice(const std::vector<std::string>& words);
Document schema_of_any(std::vector<Document> schemas);
/// A scalar of this schema, or a list of some.
Document schema_of_list(const Document& item);
/// A map of these keys alone.
Document schema_of_keys(const std::vector<const KeyFacts*>& keys);

/// The texts of `values` on one line; nothing where there is none.
template <typename T, typename Text = std::identity>
std::optional<Document> row_of(const std::vector<T>& values, Text text = {}) {
    if (values.empty()) return std::nullopt;
    std::vector<std::string> texts;
    std::ranges::transform(values, std::back_inserter(texts), text);
    return Document::row(texts);
}

/// Bytes. `zero` says what 0 stands for; where it is given, 0 is within the bounds.
struct Size {
    std::uint64_t least;
    std::uint64_t most;
    Words zero{};

    static std::string_view word() { return "size"; }
    std::string bounds() const { return bounds_text(format_size(least), format_size(most), zero); }
    static Document schema();
    static std::optional<Document> write(std::uint64_t value) { return Document::of_text(format_size(value)); }

    template <std::unsigned_integral T>
    const ConfigNode* read(ConfigMap& map, std::string_view key, T& value) const {
        return map.read_size(key, Range<T>{static_cast<T>(least), static_cast<T>(most), zero}, value);
    }
};

/// A whole number.
struct Count {
    std::uint64_t least;
    std::uint64_t most;
    Words zero{};

    static std::string_view word() { return "count"; }
    std::string bounds() const { return bounds_text(std::to_string(least), std::to_string(most), zero); }
    Document schema() const { return schema_of_range(std::string_view(zero).empty() ? least : 0, most); }
    static std::optional<Document> write(std::uint64_t value) { return Document::number(value); }

    template <std::unsigned_integral T>
    const ConfigNode* read(ConfigMap& map, std::string_view key, T& value) const {
        return map.read_count(key, Range<T>{static_cast<T>(least), static_cast<T>(most), zero}, value);
    }
};

/// Bounds are milliseconds: those of std::chrono are no structural types.
struct Duration {
    std::int64_t least;
    std::int64_t most;
    Words zero{};

    static std::string_view word() { return "duration"; }
    std::string bounds() const {
        return bounds_text(format_duration(std::chrono::milliseconds(least)),
                           format_duration(std::chrono::milliseconds(most)), zero);
    }
    static Document schema();
    static std::optional<Document> write(std::chrono::milliseconds value) {
        return Document::of_text(format_duration(value));
    }
    const ConfigNode* read(ConfigMap& map, std::string_view key, std::chrono::milliseconds& value) const {
        return map.read_duration(key, {std::chrono::milliseconds(least), std::chrono::milliseconds(most), zero},
                                 value);
    }
};

inline constexpr std::int64_t kSecond = 1000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::uint64_t kMega = std::uint64_t{1} << 20;
inline constexpr std::uint64_t kTera = std::uint64_t{1} << 40;

/// A duration for a field of HTTP, which counts seconds.
struct WholeSeconds {
    static constexpr Duration kDuration{0, 366 * 24 * kHour};

    static std::string_view word() { return kDuration.word(); }
    static std::string bounds() { return "whole seconds, up to 366 days"; }
    static Document schema() { return kDuration.schema(); }
    static std::optional<Document> write(std::chrono::milliseconds age) { return kDuration.write(age); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::chrono::milliseconds& age);
};

struct Switch {
    static std::string_view word() { return "switch"; }
    static std::string bounds() { return {}; }
    static Document schema();
    static std::optional<Document> write(bool value) { return Document::truth(value); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, bool& value) {
        return map.read_switch(key, value);
    }
};

/// One of the words that the rows of `table` have as `name`, for the value that they have as `value`.
template <auto& table, auto value>
struct Choice {
    static std::string_view word() { return "word"; }
    static std::string bounds() {
        std::string text;
        for (const auto& row : table)
            text.append(text.empty() ? "" : ", ").append(row.name);
        return text;
    }
    static Document schema() {
        std::vector<std::string> words;
        for (const auto& row : table)
            words.emplace_back(row.name);
        return schema_of_choice(words);
    }
    template <typename T>
    static std::optional<Document> write(const T& chosen) {
        for (const auto& row : table)
            if (row.*value == chosen) return Document::of_text(row.name);
        return std::nullopt;
    }
    template <typename T>
    static const ConfigNode* read(ConfigMap& map, std::string_view key, T& chosen) {
        return map.read_choice(key, table, value, chosen);
    }
};

/// Text of one line, that is left out where it is empty. `name` is what the manual calls it.
struct Text {
    Words name = "text";

    std::string_view word() const { return name; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& value) {
        if (value.empty()) return std::nullopt;
        return Document::of_text(value);
    }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& value) {
        return map.read_text(key, value);
    }
};

/// A path, which becomes absolute: a relative one is seen from the folder of its file.
struct Path {
    static std::string_view word() { return "path"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& value) { return Text::write(value); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& value);
};

/// Whether a block shows all of its keys, or those alone whose value is not what it would be without them; a block
/// with nothing to show is left out.
enum class Shown : std::uint8_t { all, changed };

/// A block of keys with a table of its own. `check` looks at them together, once they are read.
template <auto keys, auto check = nullptr, Shown shown = Shown::all>
struct Keys {
    static std::string_view word() { return "keys"; }
    static std::string bounds() { return {}; }
    static std::vector<const KeyFacts*> below() { return facts_of(keys()); }
    static Document schema() { return schema_of_keys(below()); }

    template <typename Owner>
    static std::optional<Document> write(const Owner& owner) {
        Document map = to_document<Owner>(keys(), owner);
        if constexpr (shown == Shown::all) return map;
        const Document usual = to_document<Owner>(keys(), Owner{});
        std::erase_if(map.entries, [&](const Document::Entry& entry) {
            const Document* value = usual.find(entry.name);
            return value != nullptr && *value == entry.value;
        });
        if (map.entries.empty()) return std::nullopt;
        return map;
    }

    template <typename Owner>
    static const ConfigNode* read(ConfigMap& above, std::string_view key, Owner& owner) {
        const ConfigNode* node = above.find(key);
        if (node == nullptr) return nullptr;
        ConfigMap map(*node, '\'' + std::string(key) + '\'', above.errors());
        read_keys<Owner>(map, keys(), owner);
        if constexpr (detail::kIsGiven<check>) check(map, owner);
        map.finish();
        return node;
    }
};

}  // namespace basehttpd
