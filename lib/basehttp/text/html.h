// HTML text: what comes from the network or the disk may enter a page only through here.
#pragma once

#include <string>
#include <string_view>

namespace basehttp {

/// Appends `text` so that it reads as itself in HTML content and in quoted attribute values. Control bytes and bytes
/// that are not UTF-8 become U+FFFD.
void append_html(std::string& out, std::string_view text);

}  // namespace basehttp
