// Escaping for text logs: what a client sent can neither end a line, nor a quoted text, nor move a terminal's cursor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace basehttp {

/// What a byte becomes at most.
inline constexpr std::size_t kLongestEscape = 4;

/// Appends `text` as Apache does: `\"` and `\\`, `\n` `\r` `\t` `\b` `\v` by name, every other byte that is not
/// printable ASCII as `\xhh`.
void append_escaped(std::string& out, std::string_view text);

/// Writes the same to `out`, which has room for kLongestEscape bytes for each of `text`; where it ends.
char* write_escaped(char* out, std::string_view text);

}  // namespace basehttp
