// The times that log lines hold, read back. Pure functions; a time without a zone is the machine's own.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/log/format_directive.h"

namespace basehttpd {

inline constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

/// `25/Nov/2026:18:11:14 +0100`, as `%t` has it, in seconds since 1970.
std::optional<std::int64_t> read_log_date(std::string_view text);

/// `2026-11-25T18:11:14.123456+01:00` and its shorter forms: `Z` or no zone, no fraction, no seconds, no time
/// (midnight), a space in the place of the T. In microseconds since 1970.
std::optional<std::int64_t> read_iso_time(std::string_view text);

/// Appends `2026-11-25T18:11:14.123456+01:00` in the machine's zone.
void append_iso_time(std::string& out, std::int64_t time_us);

/// The time `second` seconds after 1970 in the machine's zone; `format` is strftime(3)'s.
std::string local_text(std::int64_t second, const char* format);

/// Seconds since 1970 of a local date and time. Of the two moments that share a name when clocks are set back, the
/// first; a name that is skipped when they are set forward means the moment that clocks not set would show so.
std::optional<std::int64_t> from_local(std::tm local);

/// The parts of a time that a format may spread over several directives: `%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t`.
class TimeParts {
  public:
    using Part = basehttp::FormatDirective::TimePart;

    /// Reads what `text` begins with; `pattern` is strftime(3)'s, of a part that is a text. How many bytes of it are
    /// the time, or nothing.
    std::optional<std::size_t> read(Part part, const std::string& pattern, std::string_view text);

    /// The time that all parts together name, in microseconds; nothing where they name none.
    std::optional<std::int64_t> result() const;

    void clear() { *this = {}; }

  private:
    std::optional<std::size_t> read_number(std::string_view text, std::int64_t unit_us);
    std::optional<std::size_t> read_fraction(std::string_view text, std::size_t digits);
    std::optional<std::size_t> read_calendar(const std::string& pattern, std::string_view text);

    std::tm calendar_{};
    std::optional<std::int64_t> offset_;    // of the zone, in seconds
    std::optional<std::int64_t> absolute_;  // microseconds
    std::int64_t fraction_us_ = 0;
    bool has_calendar_ = false;
};

}  // namespace basehttpd
