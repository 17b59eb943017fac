#include "basehttp/protocol/fields.h"

#include <algorithm>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Where the first member of `list` ends: at a comma that is not quoted.
std::size_t end_of_quoting_member(std::string_view list) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < list.size(); ++end) {
        const char c = list[end];
        if (quoted && c == '\\') {
            ++end;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            break;
        }
    }
    return end;
}

bool has_member(std::string_view list, std::string_view token) {
    list = trim_white_space(list);
    if (!list.contains(',')) return !list.empty() && equals_ignoring_case(list, token);
    bool found = false;
    for_each_member(list, [&](std::string_view member) { found = found || equals_ignoring_case(member, token); });
    return found;
}

}  // namespace

std::optional<std::string_view> Fields::find(std::string_view name) const {
    if (const KnownField field = known_field(name); field != KnownField::other) return find(field);
    const auto line =
        std::ranges::find_if(lines_, [name](const FieldLine& each) { return equals_ignoring_case(each.name, name); });
    if (line == lines_.end()) return std::nullopt;
    return line->value;
}

std::size_t Fields::count(std::string_view name) const {
    if (const KnownField field = known_field(name); field != KnownField::other) return count(field);
    return static_cast<std::size_t>(std::ranges::count_if(
        lines_, [name](const FieldLine& line) { return equals_ignoring_case(line.name, name); }));
}

bool Fields::lists(std::string_view name, std::string_view token) const {
    bool found = false;
    const auto look = [&](std::string_view value) { found = found || has_member(value, token); };
    if (const KnownField field = known_field(name); field != KnownField::other) {
        for_each(field, look);
    } else {
        for_each(name, look);
    }
    return found;
}

std::string_view next_member(std::string_view& rest) {
    std::size_t end = std::min(rest.find(','), rest.size());
    if (rest.substr(0, end).contains('"')) end = end_of_quoting_member(rest);
    const std::string_view member = trim_white_space(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return member;
}

}  // namespace basehttp
