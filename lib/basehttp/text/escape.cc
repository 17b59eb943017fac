#include "basehttp/text/escape.h"

#include "basehttp/text/plain_run.h"

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
    for (;;) {
        const std::size_t plain = plain_run(text);
        out += text.substr(0, plain);
        if (plain == text.size()) return;
        append_escape(out, text[plain]);
        text.remove_prefix(plain + 1);
    }
}

}  // namespace basehttp
