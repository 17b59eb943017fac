#include "basehttp/protocol/parameters.h"

#include <algorithm>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

void skip_white_space(std::string_view& rest) {
    while (!rest.empty() && is_white_space(rest.front()))
        rest.remove_prefix(1);
}

std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string value;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        const bool escapes = rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
        if (escapes) {
            ++i;
        } else if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return value;
        }
        value += rest[i];
    }
    return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& rest) {
    if (rest.starts_with('"')) return take_quoted(rest);
    const std::size_t size = token_size(rest);
    if (size == 0) return std::nullopt;
    std::string value(rest.substr(0, size));
    rest.remove_prefix(size);
    return value;
}

}  // namespace

const std::string* ParameterizedValue::find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        parameters, [name](const Parameter& parameter) { return equals_ignoring_case(parameter.name, name); });
    return found == parameters.end() ? nullptr : &found->value;
}

std::optional<ParameterizedValue> parse_parameters(std::string_view text) {
    ParameterizedValue parsed;
    const std::size_t size = std::min(text.find(';'), text.size());
    parsed.value = trim_white_space(text.substr(0, size));
    text.remove_prefix(size);
    while (!text.empty()) {
        if (text.front() != ';') return std::nullopt;
        text.remove_prefix(1);
        skip_white_space(text);
        const std::size_t name_size = token_size(text);
        if (name_size == 0) continue;
        const std::string_view name = text.substr(0, name_size);
        text.remove_prefix(name_size);
        if (!text.starts_with('=')) return std::nullopt;
        text.remove_prefix(1);
        auto value = take_value(text);
        if (!value) return std::nullopt;
        parsed.parameters.push_back({std::string(name), std::move(*value)});
        skip_white_space(text);
    }
    return parsed;
}

}  // namespace basehttp
