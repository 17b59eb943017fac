#include "daemon/config/document.h"

#include <algorithm>

#include "basehttp/text/json.h"

namespace basehttpd {
namespace {

std::string joined(const std::vector<Document>& items) {
    std::string text;
    for (const Document& item : items)
        text.append(text.empty() ? "" : ", ").append(to_line(item));
    return text;
}

void new_line(std::string& out, std::size_t depth) {
    out.append("\n").append(2 * depth, ' ');
}

void append_json(std::string& out, const Document& document, std::size_t depth);

// `append` writes a member; what stands around and between them is the same for arrays and objects.
template <typename Members, typename Append>
void append_members(std::string& out, std::string_view brackets, const Members& members, std::size_t depth,
                    Append append) {
    out += brackets[0];
    bool first = true;
    for (const auto& member : members) {
        if (!first) out += ',';
        first = false;
        new_line(out, depth + 1);
        append(member);
    }
    if (!first) new_line(out, depth);
    out += brackets[1];
}

void append_json(std::string& out, const Document& document, std::size_t depth) {
    switch (document.kind) {
        case Document::Kind::text:
            return basehttp::append_json_string(out, document.text);
        case Document::Kind::bare:
            out += document.text;
            return;
        case Document::Kind::row:
        case Document::Kind::list:
            return append_members(out, "[]", document.items, depth,
                                  [&](const Document& item) { append_json(out, item, depth + 1); });
        case Document::Kind::map:
            return append_members(out, "{}", document.entries, depth, [&](const Document::Entry& entry) {
                basehttp::append_json_string(out, entry.name);
                out += ": ";
                append_json(out, entry.value, depth + 1);
            });
    }
}

}  // namespace

Document Document::of_text(std::string_view text) {
    return {.text = std::string(text)};
}

Document Document::bare(std::string text) {
    return {.kind = Kind::bare, .text = std::move(text)};
}

Document Document::number(std::uint64_t value) {
    return bare(std::to_string(value));
}

Document Document::truth(bool value) {
    return bare(value ? "true" : "false");
}

Document Document::list() {
    return {.kind = Kind::list};
}

Document Document::map() {
    return {.kind = Kind::map};
}

Document Document::row(const std::vector<std::string>& texts) {
    Document row{.kind = Kind::row};
    std::ranges::transform(texts, std::back_inserter(row.items), of_text);
    return row;
}

Document& Document::add(std::string_view name, Document value) {
    entries.push_back({std::string(name), std::move(value)});
    return *this;
}

const Document* Document::find(std::string_view name) const {
    const auto found = std::ranges::find(entries, name, &Entry::name);
    return found == entries.end() ? nullptr : &found->value;
}

bool Document::operator==(const Document& other) const = default;

std::string to_line(const Document& document) {
    switch (document.kind) {
        case Document::Kind::text:
        case Document::Kind::bare:
            return document.text;
        case Document::Kind::row:
        case Document::Kind::list:
            return document.items.size() == 1 ? to_line(document.items.front()) : '[' + joined(document.items) + ']';
        case Document::Kind::map: {
            std::string text;
            for (const Document::Entry& entry : document.entries)
                text.append(text.empty() ? "" : ", ").append(entry.name).append(": ").append(to_line(entry.value));
            return '{' + text + '}';
        }
    }
    return {};
}

std::string to_json(const Document& document) {
    std::string out;
    append_json(out, document, 0);
    return out + '\n';
}

}  // namespace basehttpd
