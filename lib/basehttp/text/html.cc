#include "basehttp/text/html.h"

#include <algorithm>

#include "basehttp/text/utf8.h"

namespace basehttp {
namespace {

std::string_view entity_for(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// How many bytes at the beginning of `text` are printable ASCII that is no markup.
std::size_t plain_run(std::string_view text) {
    const auto is_plain = [](char c) {
        return c >= ' ' && c <= '~' && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
    };
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
}

}  // namespace

void append_html(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t plain = plain_run(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t length = decode_utf8(text).length;
        const std::string_view entity = entity_for(text.front());
        if (length == 0 || is_control(text.front())) {
            out += kReplacementCharacter;
        } else if (!entity.empty()) {
            out += entity;
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

}  // namespace basehttp
