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

constexpr std::size_t kLongestEscape = 4;

char* write_escape(char* out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    *out++ = '\\';
    if (const char letter = letter_for(c); letter != '\0') {
        *out++ = letter;
        return out;
    }
    const auto byte = static_cast<unsigned char>(c);
    *out++ = 'x';
    *out++ = kHex[byte >> 4U];
    *out++ = kHex[byte & 15U];
    return out;
}

}  // namespace

void append_escaped(StringWriter& out, std::string_view text) {
    for (;;) {
        const std::size_t plain = plain_run(text);
        out.put(text.substr(0, plain));
        if (plain == text.size()) return;
        out.wrote(write_escape(out.room(kLongestEscape), text[plain]));
        text.remove_prefix(plain + 1);
    }
}

void append_escaped(std::string& out, std::string_view text) {
    StringWriter writer(out);
    append_escaped(writer, text);
}

}  // namespace basehttp
