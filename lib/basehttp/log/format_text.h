// FormatText: a text log format taken apart into its literals and directives, for those who write lines in it as for
// those who read them. Pure functions.
#pragma once

#include <array>
#include <expected>
#include <string_view>
#include <vector>

#include "basehttp/log/format_directive.h"

namespace basehttp {

/// A format that has a name.
struct NamedFormat {
    std::string_view name;
    std::string_view text;
};

/// Those that are texts; `json` is beside them.
inline constexpr std::array kNamedFormats = std::to_array<NamedFormat>({
    {"common", R"(%h %l %u %t "%r" %>s %b)"},
    {"combined", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")"},
    {"combinedio", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O)"},
    {"vhost_combined", R"(%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i")"},
});

/// Reads the format of that name, or a text in % notation. There is no literal beside another one, and none is empty.
std::expected<std::vector<FormatDirective>, FormatProblem> read_format_text(std::string_view format);

}  // namespace basehttp
