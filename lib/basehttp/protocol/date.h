// Dates on the wire and in logs (RFC 9110, section 5.6.7): three forms are read, one is written. Times are seconds
// since 1970 in UTC.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace basehttp {

/// Appends the IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`. Years outside 1 to 9999 are held at those bounds.
void append_http_date(std::string& out, std::time_t time);

/// Reads an IMF-fixdate, an RFC 850 date or an asctime date; nothing where it is none of them or names no real day.
/// `now` places the two-digit year of RFC 850: the date lies at most 50 years after it, and less than 50 before. The
/// name of the day may be wrong; a leap second counts as the second before it.
std::optional<std::time_t> parse_http_date(std::string_view text, std::time_t now);

/// Appends the access log's date, `06/Nov/1994:09:49:37 +0100`, in the machine's time zone.
void append_log_date(std::string& out, std::time_t time);

}  // namespace basehttp
