// What a line looks like that none of the known formats fits: `combined` or `common`, with the virtual host before it
// or more columns behind it, as other servers are often set up to write. Pure functions; basehttpctl.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace basehttpd {

struct LineShape {
    std::string format;  ///< reads such lines; columns whose meaning is not clear are read as notes
    std::string advice;  ///< a sentence for the user where there are such columns, with a format to use instead
};

/// Nothing where the line has another shape.
std::optional<LineShape> find_shape(std::string_view line);

}  // namespace basehttpd
