// Patterns of shells, as configurations and command lines have them for paths and hosts. Pure functions.
#pragma once

#include <string_view>

namespace basehttpd {

/// Whether all of `text` matches `pattern`, in which `*` stands for any bytes, slashes included, and `?` for one.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace basehttpd
