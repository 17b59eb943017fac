#include "basehttp/protocol/form_data.h"

#include <algorithm>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Cuts the part before `separator` off `rest`, and the separator.
std::string_view next_part(std::string_view& rest, char separator) {
    const std::size_t size = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    return part;
}

int escaped_byte(std::string_view text) {
    if (text.size() < 3 || text[0] != '%') return -1;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    while (!text.empty()) {
        const int byte = escaped_byte(text);
        decoded += byte >= 0 ? static_cast<char>(byte) : text.front() == '+' ? ' ' : text.front();
        text.remove_prefix(byte >= 0 ? 3 : 1);
    }
    return decoded;
}

}  // namespace

std::optional<std::string_view> FormPairs::find(std::string_view name) const {
    const auto found = std::ranges::find(pairs_, name, &FormPair::name);
    if (found == pairs_.end()) return std::nullopt;
    return found->value;
}

std::vector<std::string_view> FormPairs::find_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const FormPair& pair : pairs_) {
        if (pair.name == name) values.push_back(pair.value);
    }
    return values;
}

std::expected<FormPairs, FormError> parse_urlencoded(std::string_view text, std::size_t most_pairs) {
    FormPairs pairs;
    while (!text.empty()) {
        std::string_view value = next_part(text, '&');
        if (value.empty()) continue;
        if (pairs.size() == most_pairs) return std::unexpected(FormError::too_many_pairs);
        const std::string_view name = next_part(value, '=');
        pairs.add(decode(name), decode(value));
    }
    return pairs;
}

std::expected<FormPairs, FormError> parse_cookies(std::string_view value, std::size_t most_pairs) {
    FormPairs pairs;
    while (!value.empty()) {
        std::string_view text = next_part(value, ';');
        const std::string_view name = trim_white_space(next_part(text, '='));
        text = trim_white_space(text);
        if (name.empty()) continue;
        if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
        if (pairs.size() == most_pairs) return std::unexpected(FormError::too_many_pairs);
        pairs.add(std::string(name), std::string(text));
    }
    return pairs;
}

}  // namespace basehttp
