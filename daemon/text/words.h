// Words in messages: what somebody probably meant, and how foreign text is quoted.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace basehttpd {

/// What stands for the part of a text that is left out.
inline constexpr std::string_view kCut = "...";

/// `word` without the differences of spelling that nobody means: in lower case, with '_' for '-'.
std::string folded_name(std::string_view word);

/// The one of `names` that `word` was probably meant to be, by edit distance; empty where none is near.
std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names);

/// `did you mean '...'?` for the nearest of `names`, else `valid: ...` with all of them where they are few.
std::string suggest(std::string_view word, std::span<const std::string_view> names);

/// `text` with everything unprintable and all that is not UTF-8 as `\xHH` for each byte.
std::string escape_unprintable(std::string_view text);

/// `text` in single quotes, escaped, and cut where it is long.
std::string in_quotes(std::string_view text);

/// `first, second or last`.
std::string join_alternatives(std::span<const std::string_view> names);

}  // namespace basehttpd
