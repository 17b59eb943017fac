#include "daemon/config/config_diff.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/config_keys.h"

namespace basehttpd {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kNone = "(none)";

// A list's item that is a map has a name of its own; a scalar is its own.
std::string_view name_of(const Document& item) {
    return item.kind == Document::Kind::map ? std::string_view(item.identity) : std::string_view(item.text);
}

std::vector<std::string_view> names_in(const Document& list, const Document& other) {
    std::vector<std::string_view> names;
    for (const Document& item : list.items)
        if (std::ranges::find(other.items, name_of(item), name_of) != other.items.end())
            names.push_back(name_of(item));
    return names;
}

void compare(const std::string& path, const Document* before, const Document* after, Lines& lines);

void compare_maps(const std::string& path, const Document& before, const Document& after, Lines& lines) {
    const auto below = [&](std::string_view name) {
        return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
    };
    for (const Document::Entry& entry : before.entries)
        compare(below(entry.name), &entry.value, after.find(entry.name), lines);
    for (const Document::Entry& entry : after.entries)
        if (before.find(entry.name) == nullptr) compare(below(entry.name), nullptr, &entry.value, lines);
}

// One line for an item that came or went, whatever it holds.
void compare_lists(const std::string& path, const Document& before, const Document& after, Lines& lines) {
    const auto in = [](const Document& list, const Document& item) {
        const auto found = std::ranges::find(list.items, name_of(item), name_of);
        return found == list.items.end() ? nullptr : &*found;
    };
    const auto at = [&](const Document& item) {
        return item.kind == Document::Kind::map ? fmt::format("{}[{}]", path, item.identity) : path;
    };
    for (const Document& item : before.items) {
        const Document* now = in(after, item);
        if (now != nullptr) {
            compare(at(item), &item, now, lines);
        } else {
            lines.push_back(item.kind == Document::Kind::map ? fmt::format("{}: removed", at(item))
                                                             : fmt::format("{}: {} -> {}", path, item.text, kNone));
        }
    }
    for (const Document& item : after.items)
        if (in(before, item) == nullptr)
            lines.push_back(item.kind == Document::Kind::map ? fmt::format("{}: added", at(item))
                                                             : fmt::format("{}: {} -> {}", path, kNone, item.text));
    if (names_in(before, after) != names_in(after, before)) lines.push_back(fmt::format("{}: another order", path));
}

// Nothing stands for a key that is left out: what it holds is compared one by one, unless it is empty.
void compare(const std::string& path, const Document* before, const Document* after, Lines& lines) {
    if (before != nullptr && after != nullptr && *before == *after) return;
    const Document::Kind kind = (before != nullptr ? before : after)->kind;
    const Document nothing{.kind = kind};
    const Document& old = before != nullptr ? *before : nothing;
    const Document& now = after != nullptr ? *after : nothing;
    const bool alike = old.kind == now.kind && old != now;
    if (kind == Document::Kind::map && alike) return compare_maps(path, old, now, lines);
    if (kind == Document::Kind::list && alike) return compare_lists(path, old, now, lines);
    lines.push_back(fmt::format("{}: {} -> {}", path, before != nullptr ? to_line(*before) : kNone,
                                after != nullptr ? to_line(*after) : kNone));
}

}  // namespace

std::vector<std::string> changed_keys(const Config& before, const Config& after) {
    const Document old = to_document(server_keys(), before);
    const Document now = to_document(server_keys(), after);
    Lines lines;
    compare({}, &old, &now, lines);
    return lines;
}

}  // namespace basehttpd
