#include "basehttp/protocol/fields.h"

#include <algorithm>

#include "basehttp/text/ascii.h"

namespace basehttp {

std::optional<std::string_view> Fields::find(std::string_view name) const {
    for (const FieldLine& line : lines_) {
        if (equals_ignoring_case(line.name, name)) return line.value;
    }
    return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        lines_, [name](const FieldLine& line) { return equals_ignoring_case(line.name, name); }));
}

bool Fields::lists(std::string_view name, std::string_view token) const {
    bool found = false;
    for (const FieldLine& line : lines_) {
        if (!equals_ignoring_case(line.name, name)) continue;
        for_each_member(line.value,
                        [&](std::string_view member) { found = found || equals_ignoring_case(member, token); });
    }
    return found;
}

std::string_view next_member(std::string_view& rest) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size(); ++end) {
        const char c = rest[end];
        if (quoted && c == '\\') {
            ++end;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            break;
        }
    }
    const std::string_view member = trim_white_space(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return member;
}

}  // namespace basehttp
