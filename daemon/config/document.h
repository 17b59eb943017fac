// Document: a configuration, or a part of it, as a tree of texts: what the table of keys writes. The printer makes
// YAML of it, the schema JSON, and the reload compares two of them. Plain values; whoever makes one owns it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

struct Document {
    /// `text` is quoted in JSON and `bare`, a number or a switch, is not. A `row` is a list of scalars on one line.
    enum class Kind : std::uint8_t { text, bare, row, list, map };
    struct Entry;

    Kind kind = Kind::text;
    std::string text{};             ///< of a scalar
    std::vector<Document> items{};  ///< of a row or list
    std::vector<Entry> entries{};   ///< of a map
    std::string identity{};         ///< of an item of a list: what it is compared by

    static Document of_text(std::string_view text);
    static Document bare(std::string text);
    static Document number(std::uint64_t value);
    static Document truth(bool value);
    static Document row(const std::vector<std::string>& texts);
    static Document list();
    static Document map();

    /// Adds an entry to a map. Returns the map.
    Document& add(std::string_view name, Document value);

    /// The value of an entry of a map; nullptr where there is none.
    const Document* find(std::string_view name) const;

    bool operator==(const Document& other) const;
};

struct Document::Entry {
    std::string name;
    Document value;

    bool operator==(const Entry&) const = default;
};

/// The document on one line, as messages show it: `a`, `[a, b]`, `{a: b}`. A list of one is that one.
std::string to_line(const Document& document);

/// The document as JSON, indented.
std::string to_json(const Document& document);

}  // namespace basehttpd
