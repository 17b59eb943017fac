#include "basehttp/text/json.h"

#include <array>
#include <cstdint>

#include "basehttp/text/plain_run.h"
#include "basehttp/text/utf8.h"

namespace basehttp {
namespace {

// The code point of a valid sequence of `length` bytes.
std::uint32_t code_point(std::string_view sequence, std::size_t length) {
    constexpr std::array<std::uint32_t, 5> kLeadBits{0, 0x7f, 0x1f, 0x0f, 0x07};
    std::uint32_t value = static_cast<unsigned char>(sequence[0]) & kLeadBits[length];
    for (std::size_t i = 1; i < length; ++i)
        value = (value << 6U) | (static_cast<unsigned char>(sequence[i]) & 0x3fU);
    return value;
}

// Controls, what some programs take for the end of a line, and what turns the direction of text around.
bool is_unsafe(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

void append_escape(std::string& out, std::uint32_t point) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += kHex[(point >> shift) & 15U];
}

// Takes one character off the front of `text`.
void append_character(std::string& out, std::string_view& text) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
        out += kReplacementCharacter;
        text.remove_prefix(1);
        return;
    }
    const std::uint32_t point = code_point(text, length);
    if (is_unsafe(point)) {
        append_escape(out, point);
    } else {
        if (point == '"' || point == '\\') out += '\\';
        out += text.substr(0, length);
    }
    text.remove_prefix(length);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::size_t plain = plain_run(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (!text.empty()) append_character(out, text);
    }
    out += '"';
}

}  // namespace basehttp
