#include "daemon/ctl/logs/lines/log_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "basehttp/protocol/date_reader.h"

namespace basehttpd {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

std::tm calendar_of(year_month_day date, seconds clock) {
    const std::chrono::hh_mm_ss time(clock);
    std::tm local{};
    local.tm_year = static_cast<int>(date.year()) - 1900;
    local.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    local.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    local.tm_hour = static_cast<int>(time.hours().count());
    local.tm_min = static_cast<int>(time.minutes().count());
    local.tm_sec = static_cast<int>(time.seconds().count());
    return local;
}

}  // namespace

std::optional<std::int64_t> read_log_date(std::string_view text) {
    basehttp::DateReader reader(text);
    const std::chrono::day day = reader.day();
    reader.literal("/");
    const std::chrono::month month = reader.named_month();
    reader.literal("/");
    const std::chrono::year year = reader.year();
    reader.literal(":");
    const seconds clock = reader.clock();
    reader.literal(" ");
    const seconds offset = reader.zone();
    const year_month_day date = year / month / day;
    if (!reader.done() || !date.ok()) return std::nullopt;
    return (sys_days(date) + clock - offset).time_since_epoch().count();
}

std::optional<std::int64_t> read_iso_time(std::string_view text) {
    basehttp::DateReader reader(text);
    const std::chrono::year year = reader.year();
    reader.literal("-");
    const std::chrono::month month = reader.month();
    reader.literal("-");
    const year_month_day date = year / month / reader.day();
    seconds clock{0};
    std::chrono::microseconds fraction{0};
    if (reader.take('T') || reader.take('t') || reader.take(' ')) {
        clock = reader.hours_and_minutes();
        if (reader.take(':')) {
            clock += reader.seconds();
            if (reader.take('.') || reader.take(',')) fraction = reader.fraction();
        }
    }
    if (!reader.good() || !date.ok()) return std::nullopt;
    if (reader.done()) {
        const auto local = from_local(calendar_of(date, clock));
        if (!local) return std::nullopt;
        return *local * kMicrosecondsPerSecond + fraction.count();
    }
    reader.take(' ');
    const seconds offset = reader.zone();
    if (!reader.done()) return std::nullopt;
    return (sys_days(date) + clock - offset + fraction).time_since_epoch().count();
}

void append_iso_time(std::string& out, std::int64_t time_us) {
    std::int64_t seconds = time_us / kMicrosecondsPerSecond;
    std::int64_t fraction = time_us % kMicrosecondsPerSecond;
    if (fraction < 0) {
        fraction += kMicrosecondsPerSecond;
        --seconds;
    }
    std::tm local{};
    const std::time_t time = seconds;
    if (::localtime_r(&time, &local) == nullptr) return;
    const long minutes = local.tm_gmtoff / 60;
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}{}{:02}:{:02}",
                   local.tm_year + 1900L, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
                   fraction, minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::string local_text(std::int64_t second, const char* format) {
    const std::time_t time = second;
    std::tm local{};
    std::array<char, 64> text{};
    if (::localtime_r(&time, &local) == nullptr) return "-";
    return {text.data(), std::strftime(text.data(), text.size(), format, &local)};
}

std::optional<std::int64_t> from_local(std::tm local) {
    constexpr std::time_t kLargest = 253'402'300'799;  // the year 9999
    // Both readings of a name that clocks show twice are asked for: summer time comes first.
    for (const int summer : {1, -1}) {
        std::tm asked = local;
        asked.tm_isdst = summer;
        const std::time_t time = ::mktime(&asked);
        if (time == -1 || time > kLargest || time < -kLargest) continue;
        if (summer == -1 || (asked.tm_isdst == 1 && asked.tm_hour == local.tm_hour && asked.tm_min == local.tm_min)) {
            return time;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> TimeParts::read(Part part, const std::string& pattern, std::string_view text) {
    switch (part) {
        case Part::text:
            return read_calendar(pattern, text);
        case Part::seconds:
            return read_number(text, kMicrosecondsPerSecond);
        case Part::milliseconds:
            return read_number(text, 1000);
        case Part::microseconds:
            return read_number(text, 1);
        case Part::millisecond_part:
            return read_fraction(text, 3);
        case Part::microsecond_part:
            return read_fraction(text, 6);
    }
    return std::nullopt;
}

std::optional<std::size_t> TimeParts::read_number(std::string_view text, std::int64_t unit_us) {
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::int64_t product = 0;
    if (error != std::errc{} || __builtin_mul_overflow(number, unit_us, &product)) return std::nullopt;
    absolute_ = product;
    return static_cast<std::size_t>(rest - text.data());
}

std::optional<std::size_t> TimeParts::read_fraction(std::string_view text, std::size_t digits) {
    basehttp::DateReader reader(text);
    const int fraction = reader.digits(digits);
    if (!reader.good()) return std::nullopt;
    fraction_us_ = digits == 3 ? fraction * 1000 : fraction;
    return digits;
}

std::optional<std::size_t> TimeParts::read_calendar(const std::string& pattern, std::string_view text) {
    constexpr std::size_t kLongest = 200;
    std::array<char, kLongest + 1> copy{};
    std::copy_n(text.begin(), std::min(text.size(), kLongest), copy.begin());
    const std::string format = pattern.empty() ? "[%d/%b/%Y:%H:%M:%S %z]" : pattern;
    const char* const end = ::strptime(copy.data(), format.c_str(), &calendar_);
    if (end == nullptr) return std::nullopt;
    if (format.contains("%z")) offset_ = calendar_.tm_gmtoff;
    if (format.contains("%s")) {
        std::tm local = calendar_;
        absolute_ = std::int64_t{::mktime(&local)} * kMicrosecondsPerSecond;
    }
    has_calendar_ = has_calendar_ || format != "%z";
    return static_cast<std::size_t>(end - copy.data());
}

std::optional<std::int64_t> TimeParts::result() const {
    std::int64_t time_us = 0;
    if (absolute_) {
        time_us = *absolute_;
    } else if (!has_calendar_ || calendar_.tm_mday == 0) {
        return std::nullopt;
    } else if (offset_) {
        std::tm utc = calendar_;
        time_us = (std::int64_t{::timegm(&utc)} - *offset_) * kMicrosecondsPerSecond;
    } else {
        const auto seconds = from_local(calendar_);
        if (!seconds) return std::nullopt;
        time_us = *seconds * kMicrosecondsPerSecond;
    }
    // Beside a count of seconds the fraction is its rest; a count of milliseconds has it already.
    return time_us % kMicrosecondsPerSecond == 0 ? time_us + fraction_us_ : time_us;
}

}  // namespace basehttpd
