// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace basehttp {

/// U+FFFD, which stands for what could not be read.
inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";

struct Utf8Character {
    char32_t code = 0;
    std::size_t length = 0;  ///< bytes it takes; 0: the bytes are not UTF-8
};

/// Whether `byte` is the second or a later one of a character.
constexpr bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80;
}

/// The character that `text` begins with; of length 0 where it begins with none, or is empty.
constexpr Utf8Character decode_utf8(std::string_view text) {
    constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    if (text.empty()) return {};
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
    char32_t code = lead & (0x7fU >> length);
    for (const char byte : text.substr(1, length - 1)) {
        if (!is_continuation(byte)) return {};
        code = (code << 6U) | (static_cast<unsigned char>(byte) & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    if (code < kLeast[length] || code > 0x10ffff || surrogate) return {};
    return {code, length};
}

/// True where `code` would disturb a terminal or mislead its reader: controls, what some programs take for the end of
/// a line, and marks without a shape of their own that change the direction of text or its encoding.
constexpr bool is_unprintable(char32_t code) {
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
    const bool direction =
        code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return control || direction || code == 0xfeff;
}

}  // namespace basehttp
