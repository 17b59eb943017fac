// Slips of the keyboard in a YAML file that the parser takes for something else, or stops at lines later: a missing
// space after ':' or '-', an address in brackets without quotes, look-alikes of ASCII characters. Pure functions over
// the file's text. Master only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace basehttpd {

struct Slip {
    std::size_t offset;  ///< in the text of the file
    std::string message;
    std::string hint{};
};

/// A blank in the indentation of a line that is neither a space nor a tab (U+00A0 and the like).
std::optional<Slip> find_foreign_indentation(std::string_view text);

/// What is wrong with the unquoted text that begins at `offset`.
std::optional<Slip> find_plain_text_slip(std::string_view text, std::size_t offset);

/// `[::]:80` at `offset`, which YAML takes for a list.
std::optional<Slip> find_unquoted_ip6(std::string_view text, std::size_t offset);

/// A key without its ':' or without the space after it, or a '-' without its space, on the line that begins at
/// `line_start`.
std::optional<Slip> find_missing_separator(std::string_view text, std::size_t line_start);

/// The text at `offset` as somebody meant it who forgot the quotes: up to the end of the line, or of the item in
/// brackets.
std::string_view unquoted_text(std::string_view text, std::size_t offset);

/// `text` in the quotes that YAML takes it in unchanged.
std::string quoted_for_yaml(std::string_view text);

}  // namespace basehttpd
