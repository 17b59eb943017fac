// What append_escaped() of the library wrote, turned back. A pure function.
#pragma once

#include <string>
#include <string_view>

namespace basehttpd {

/// Appends `value` without its escapes, which is never longer; an escape that is none stays as it is but for its
/// backslash.
void append_unescaped(std::string& out, std::string_view value);

}  // namespace basehttpd
