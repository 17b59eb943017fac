#include "daemon/text/utf8.h"

#include <iterator>

#include <fmt/format.h>

namespace basehttpd {
namespace {

constexpr char32_t kSmallestOfLength[] = {0, 0, 0x80, 0x800, 0x10000};

std::size_t length_from_lead(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    if (lead >= 0xF0 && lead < 0xF5) return 4;
    return 0;
}

}  // namespace

Utf8Character decode_utf8(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = length_from_lead(lead);
    if (length == 0 || length > text.size()) return {};
    if (length == 1) return {lead, 1};
    char32_t code = lead & (0x7FU >> length);
    for (const char next : text.substr(1, length - 1)) {
        const auto byte = static_cast<unsigned char>(next);
        if ((byte & 0xC0U) != 0x80U) return {};
        code = (code << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (code < kSmallestOfLength[length] || code > 0x10FFFF || surrogate) return {};
    return {code, length};
}

bool is_unprintable(char32_t code) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
    const bool direction =
        code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return control || direction || code == 0xFEFF;
}

std::string escape_unprintable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const Utf8Character character = decode_utf8(text);
        const std::size_t length = character.length == 0 ? 1 : character.length;
        const std::string_view bytes = text.substr(0, length);
        text.remove_prefix(length);
        if (character.length != 0 && !is_unprintable(character.code)) {
            result += bytes;
            continue;
        }
        for (const char byte : bytes) {
            fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned char>(byte));
        }
    }
    return result;
}

}  // namespace basehttpd
