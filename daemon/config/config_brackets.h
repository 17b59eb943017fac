// The brackets of a YAML text that the parser refused: which of them are never closed, and whether a place is inside
// of any. For messages alone: it looks past quotes and comments, and is not a second parser. Pure functions.
// Master only.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace basehttpd {

/// Where the last '[' or '{' before `place` is that nothing in `text` closes.
std::optional<std::size_t> find_unclosed_bracket(std::string_view text, std::size_t place);

/// Whether `place` is inside of a '[' or '{'.
bool is_in_brackets(std::string_view text, std::size_t place);

}  // namespace basehttpd
