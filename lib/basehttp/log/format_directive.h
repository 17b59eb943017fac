// FormatDirective: one part of a log format: a literal text, or one of the directives of log_directive.h.
//
//     directive = "%" *( "<" / ">" / condition / "{" argument "}" ) ( letter / "^FB" / "^ti" / "^to" )
//     condition = [ "!" ] status *( "," status )        other statuses get "-"
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/log_directive.h"

namespace basehttp {

/// What is wrong with a format string, and at which of its bytes.
struct FormatProblem {
    std::size_t offset = 0;
    std::string message;
};

struct FormatDirective {
    /// Which moment a time is, and what of it is written.
    enum class Moment : std::uint8_t { arrival, end };
    enum class TimePart : std::uint8_t {
        text,
        seconds,
        milliseconds,
        microseconds,
        millisecond_part,
        microsecond_part
    };

    const LogDirective* row = nullptr;  ///< nullptr: a literal
    std::size_t offset = 0;             ///< where it begins in the format
    std::string text{};                 ///< of a literal; a name; a time's strftime format, empty for the usual one
    Moment moment = Moment::arrival;
    TimePart time_part = TimePart::text;
    std::size_t time_index = 0;             ///< the compiled format's own
    std::vector<std::uint16_t> statuses{};  ///< written for these alone, or
    bool but_not_these = false;             ///< for all others

    bool has_form(LogDirective::Form form) const { return row != nullptr && row->form == form; }

    /// Whether it is written for a response with `status`.
    bool applies_to(std::uint16_t status) const { return statuses.empty() || is_for(status); }

    /// Reads the directive that starts with the `%` at `format[at]`, and moves `at` past it.
    static std::expected<FormatDirective, FormatProblem> read(std::string_view format, std::size_t& at);

    /// What its statuses say.
    bool is_for(std::uint16_t status) const;
};

}  // namespace basehttp
