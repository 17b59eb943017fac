#include "daemon/ctl/logs/lines/unescape.h"

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

char letter_of(char c) {
    switch (c) {
        case 'b':
            return '\b';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'v':
            return '\v';
        default:
            return c;
    }
}

}  // namespace

void append_unescaped(std::string& out, std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            out += value[i];
            continue;
        }
        const char letter = value[++i];
        const bool hex = letter == 'x' && i + 2 < value.size() && basehttp::hex_value(value[i + 1]) >= 0 &&
                         basehttp::hex_value(value[i + 2]) >= 0;
        if (hex) {
            out += static_cast<char>(basehttp::hex_value(value[i + 1]) * 16 + basehttp::hex_value(value[i + 2]));
            i += 2;
        } else {
            out += letter_of(letter);
        }
    }
}

}  // namespace basehttpd
