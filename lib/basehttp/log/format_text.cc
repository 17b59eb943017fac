#include "basehttp/log/format_text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace basehttp {
namespace {

using Parts = std::vector<FormatDirective>;

void add_literal(Parts& parts, std::string_view text) {
    if (parts.empty() || parts.back().row != nullptr) parts.emplace_back();
    parts.back().text += text;
}

// The escapes that Apache's configuration knows; any other backslash stands for itself.
std::optional<FormatProblem> add_escape(Parts& parts, std::string_view format, std::size_t& at) {
    const char escaped = at + 1 < format.size() ? format[at + 1] : '\0';
    const std::size_t start = at;
    at += 2;
    switch (escaped) {
        case 't':
            add_literal(parts, "\t");
            return std::nullopt;
        case '"':
        case '\\':
            add_literal(parts, {&escaped, 1});
            return std::nullopt;
        case 'n':
            // The line ends here by itself.
            if (at >= format.size()) return std::nullopt;
            return FormatProblem{start, "'\\n' within a format: each record is one line"};
        case 'r':
            return FormatProblem{start, "'\\r' in a format: a line holds no control byte but tab"};
        default:
            add_literal(parts, "\\");
            at = start + 1;
            return std::nullopt;
    }
}

std::optional<FormatProblem> add_directive(Parts& parts, std::string_view format, std::size_t& at) {
    if (format.substr(at).starts_with("%%")) {
        add_literal(parts, "%");
        at += 2;
        return std::nullopt;
    }
    auto directive = FormatDirective::read(format, at);
    if (!directive) return std::move(directive.error());
    parts.push_back(std::move(*directive));
    return std::nullopt;
}

std::optional<FormatProblem> add_plain(Parts& parts, std::string_view format, std::size_t& at) {
    const auto c = static_cast<unsigned char>(format[at]);
    if ((c < ' ' || c == 0x7f) && c != '\t')
        return FormatProblem{at, "a format holds no control byte but tab: each record is one line"};
    add_literal(parts, format.substr(at++, 1));
    return std::nullopt;
}

}  // namespace

std::expected<std::vector<FormatDirective>, FormatProblem> read_format_text(std::string_view format) {
    const auto named = std::ranges::find(kNamedFormats, format, &NamedFormat::name);
    if (named != kNamedFormats.end()) format = named->text;
    Parts parts;
    for (std::size_t at = 0; at < format.size();) {
        auto problem = format[at] == '%'    ? add_directive(parts, format, at)
                       : format[at] == '\\' ? add_escape(parts, format, at)
                                            : add_plain(parts, format, at);
        if (problem) return std::unexpected(std::move(*problem));
    }
    if (parts.empty()) return std::unexpected(FormatProblem{0, "the format is empty"});
    return parts;
}

}  // namespace basehttp
