// Columns: a record as one line of a terminal: when, who, status, size, how long, what was asked for, and what was
// odd. A narrow one has less of it, down to time, status and request.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/ctl/logs/lines/log_record.h"
#include "daemon/ctl/logs/shows/terminal.h"

namespace basehttpd {

/// Appends the line, with its end, no wider than the terminal.
void append_columns(std::string& out, const LogRecord& record, const Terminal& terminal);

/// `618`, `9.1k`, `12M`: at most four characters, units of 1000.
std::string short_count(std::int64_t number);

/// `83us`, `1.2ms`, `950ms`, `12s`, `3m20s`.
std::string short_duration(std::int64_t microseconds);

/// The escape sequence that begins the colour of a status, or nothing.
std::string_view status_colour(std::int64_t status);
inline constexpr std::string_view kPlain = "\x1b[0m";
inline constexpr std::string_view kFaint = "\x1b[2m";
inline constexpr std::string_view kBold = "\x1b[1m";

}  // namespace basehttpd
