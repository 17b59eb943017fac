#include "basehttp/log/escape.h"

namespace basehttp {
namespace {

char letter_for(char c) {
    switch (c) {
        case '"':
            return '"';
        case '\\':
            return '\\';
        case '\b':
            return 'b';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '\v':
            return 'v';
        default:
            return '\0';
    }
}

bool stands_for_itself(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '\\';
    if (const char letter = letter_for(c); letter != '\0') {
        out += letter;
        return;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'x', kHex[byte >> 4U], kHex[byte & 15U]};
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (stands_for_itself(text[i])) continue;
        out += text.substr(plain, i - plain);
        append_escape(out, text[i]);
        plain = i + 1;
    }
    out += text.substr(plain);
}

}  // namespace basehttp
