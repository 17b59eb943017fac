#include "basehttp/protocol/json.h"

#include "basehttp/protocol/utf8.h"

namespace basehttp {

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        const auto byte = static_cast<unsigned char>(text.front());
        if (length == 0) {
            out += kReplacementCharacter;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += {kHex[byte >> 4], kHex[byte & 15]};
        } else {
            if (byte == '"' || byte == '\\') out += '\\';
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

}  // namespace basehttp
