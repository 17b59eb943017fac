// JSON text: what comes from the network or the disk may enter a document only through here.
#pragma once

#include <string>
#include <string_view>

namespace basehttp {

/// Appends `text` as a string of JSON (RFC 8259, section 7), quotes included. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace basehttp
