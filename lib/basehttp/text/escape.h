// Escaping for text logs: what a client sent can neither end a line, nor a quoted text, nor move a terminal's cursor.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/text/string_writer.h"

namespace basehttp {

/// Appends `text` as Apache does: `\"` and `\\`, `\n` `\r` `\t` `\b` `\v` by name, every other byte that is not
/// printable ASCII as `\xhh`.
void append_escaped(std::string& out, std::string_view text);
void append_escaped(StringWriter& out, std::string_view text);

}  // namespace basehttp
