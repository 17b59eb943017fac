// Utf8: one character at a time, for text that a person wrote and for printing it safely. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace basehttpd {

struct Utf8Character {
    char32_t code = 0;
    std::size_t length = 0;  ///< bytes it takes; 0: the bytes are not UTF-8
};

/// The character that `text` begins with. Overlong forms, surrogates and what lies past U+10FFFF are not UTF-8
/// (RFC 3629, section 3). `text` must not be empty.
Utf8Character decode_utf8(std::string_view text);

/// True where `code` would disturb a terminal or mislead its reader: control characters, and marks that change the
/// direction of text.
bool is_unprintable(char32_t code);

/// `text` with everything unprintable and all that is not UTF-8 as `\xHH` for each byte.
std::string escape_unprintable(std::string_view text);

/// Whether `byte` is the second or a later one of a character.
constexpr bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace basehttpd
