#include "basehttp/text/html.h"

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

}  // namespace

void append_html(std::string& out, std::string_view text) {
    while (!text.empty()) {
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
