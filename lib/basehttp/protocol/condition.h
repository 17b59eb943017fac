// Conditional requests (RFC 9110, section 13): whether a request still wants what it asked for, given the validators
// of what there is. Pure functions: the one place that knows the precedence of the five fields.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

#include "basehttp/protocol/request.h"

namespace basehttp {

/// What tells one state of a representation from another.
struct Validators {
    std::string_view etag;  ///< with its quotes, and `W/` before them where it is weak; may be empty
    std::optional<std::time_t> last_modified;  ///< nothing where it is not known
};

enum class Precondition : std::uint8_t {
    proceed,       ///< answer as if there were no condition
    not_modified,  ///< 304
    failed,        ///< 412
};

/// The outcome of If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of section 13.2.2,
/// for a representation that exists. Fields that are malformed or given twice count as the section says: a list of
/// entity tags matches nothing, a date is as if it were not there. `now` places dates with two-digit years.
Precondition evaluate_preconditions(const Request& request, const Validators& current, std::time_t now);

/// Whether Range is to be obeyed as far as If-Range says: true where there is none (section 13.1.5). Only a strong
/// validator counts; a date is one where the representation has not changed for more than a second.
bool if_range_holds(const Fields& fields, const Validators& current, std::time_t now);

/// Whether `list`, the value of If-Match or If-None-Match, is `*` or has `etag`. The weak comparison looks at the
/// opaque part alone, the strong one wants both tags strong (section 8.8.3.2).
enum class Comparison : std::uint8_t { weak, strong };
bool lists_etag(std::string_view list, std::string_view etag, Comparison comparison);

}  // namespace basehttp
