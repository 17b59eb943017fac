// ConfigPosition: where a value stands, for messages about it.
#pragma once

#include <string>

namespace basehttpd {

/// `file:line:column`, all counted from 1; line 0: not from a file.
struct ConfigPosition {
    std::string file;
    int line = 0;
    int column = 0;
};

}  // namespace basehttpd
