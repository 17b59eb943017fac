#include "basehttp/text/json.h"

#include "basehttp/text/plain_run.h"
#include "basehttp/text/utf8.h"

namespace basehttp {
namespace {

void append_escape(std::string& out, char32_t point) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += kHex[(point >> shift) & 15U];
}

// Takes one character off the front of `text`.
void append_character(std::string& out, std::string_view& text) {
    const auto [point, length] = decode_utf8(text);
    if (length == 0) {
        out += kReplacementCharacter;
        text.remove_prefix(1);
        return;
    }
    if (is_unprintable(point)) {
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
