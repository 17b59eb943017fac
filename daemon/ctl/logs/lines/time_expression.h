// Times as people say them, for --since and --until. A pure function of the text, the clock and the time zone.
//
//     now  today  yesterday  tomorrow        the last three: midnight, or with a time of day: "yesterday 18:30"
//     10:00  10:00:30                        today
//     "10 min ago"  2h ago  "1 day 6 hours ago"  -90s
//     2026-11-25  "2026-11-25 10:00"  2026-11-25T10:00:00Z  2026-11-25T10:00:00.5+01:00
//     25/Nov/2026:10:00:00 +0100  @1764065400
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace basehttpd {

/// The moment that `text` names, in microseconds since 1970; `now_us` is the present one. A span is a length of time,
/// a day of it 24 hours; a day that is named is the calendar's, whatever clocks do. The error is a sentence.
std::expected<std::int64_t, std::string> parse_time_expression(std::string_view text, std::int64_t now_us);

}  // namespace basehttpd
