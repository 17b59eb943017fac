#include "basehttp/protocol/field_lines.h"

#include <limits>

#include "basehttp/protocol/field_scan.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

Refusal what_is_wrong_with_name(std::string_view field_line) {
    const auto colon = field_line.find(':');
    if (colon == std::string_view::npos || colon == 0) return Refusal::bad_field_line;
    return is_white_space(field_line[colon - 1]) ? Refusal::space_before_colon : Refusal::bad_field_line;
}

}  // namespace

std::size_t take_usual_field_lines(std::string_view received, std::size_t most_lines, std::size_t most_bytes,
                                   Fields& fields) {
    if (most_lines == 0) most_lines = std::numeric_limits<std::size_t>::max();
    std::size_t taken = 0;
    while (fields.size() < most_lines) {
        const std::string_view rest = received.substr(taken);
        const std::size_t name_size = field_name_size(rest);
        if (name_size == 0 || name_size == rest.size() || rest[name_size] != ':') break;
        const std::string_view after_colon = rest.substr(name_size + 1);
        const std::size_t value_size = size_before_control_byte(after_colon);
        if (!has_line_end_at(value_size, after_colon)) break;
        const std::size_t end = taken + name_size + 1 + value_size + 2;
        if (end > most_bytes) break;
        fields.add(rest.substr(0, name_size), trim_white_space(after_colon.substr(0, value_size)));
        taken = end;
    }
    return taken;
}

std::expected<void, Refusal> take_field_line(std::string_view line, std::size_t most_lines, Fields& fields) {
    if (line.front() == ' ' || line.front() == '\t') return std::unexpected(Refusal::folded_field_line);
    const std::size_t name_size = token_size(line);
    if (name_size == 0 || name_size == line.size() || line[name_size] != ':') {
        return std::unexpected(what_is_wrong_with_name(line));
    }
    const std::string_view value = trim_white_space(line.substr(name_size + 1));
    if (!is_field_text(value)) {
        const bool bare_cr = value.find('\r') != std::string_view::npos;
        return std::unexpected(bare_cr ? Refusal::bare_carriage_return : Refusal::bad_field_value);
    }
    if (most_lines != 0 && fields.size() >= most_lines) return std::unexpected(Refusal::too_many_fields);
    fields.add(line.substr(0, name_size), value);
    return {};
}

}  // namespace basehttp
