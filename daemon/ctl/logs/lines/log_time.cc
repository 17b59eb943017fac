#include "daemon/ctl/logs/lines/log_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

struct Moment {
    int year = 1970;
    unsigned month = 1;
    unsigned day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

// Exactly `count` digits at the front of `text`, which are taken off it.
bool take_digits(std::string_view& text, std::size_t count, int& out) {
    if (text.size() < count) return false;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (!basehttp::is_digit(c)) return false;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    out = value;
    return true;
}

bool take_digits(std::string_view& text, std::size_t count, unsigned& out) {
    int value = 0;
    if (!take_digits(text, count, value)) return false;
    out = static_cast<unsigned>(value);
    return true;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

bool is_real(const Moment& moment) {
    const std::chrono::year_month_day date{std::chrono::year(moment.year), std::chrono::month(moment.month),
                                           std::chrono::day(moment.day)};
    return date.ok() && moment.hour < 24 && moment.minute < 60 && moment.second <= 60;
}

std::int64_t seconds_in_utc(const Moment& moment) {
    const std::chrono::sys_days day = std::chrono::year_month_day{
        std::chrono::year(moment.year), std::chrono::month(moment.month), std::chrono::day(moment.day)};
    return std::int64_t{day.time_since_epoch().count()} * 86'400 + moment.hour * 3600 + moment.minute * 60 +
           std::min(moment.second, 59);
}

// "+0100", "+01:00", "Z": seconds to the east of UTC.
bool take_zone(std::string_view& text, std::int64_t& offset) {
    if (take(text, 'Z')) {
        offset = 0;
        return true;
    }
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+')) return false;
    text.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!take_digits(text, 2, hours)) return false;
    take(text, ':');
    if (!take_digits(text, 2, minutes) || hours > 23 || minutes > 59) return false;
    offset = (hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

bool take_month_name(std::string_view& text, unsigned& month) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() < 3) return false;
    const std::size_t at = kMonths.find(text.substr(0, 3));
    if (at == std::string_view::npos || at % 3 != 0) return false;
    month = static_cast<unsigned>(at / 3 + 1);
    text.remove_prefix(3);
    return true;
}

// ".123456" or ",123"; more than six digits are cut.
bool take_fraction(std::string_view& text, std::int64_t& fraction_us) {
    if (!text.starts_with('.') && !text.starts_with(',')) return true;
    text.remove_prefix(1);
    std::int64_t unit = 100'000;
    if (text.empty() || !basehttp::is_digit(text.front())) return false;
    while (!text.empty() && basehttp::is_digit(text.front())) {
        fraction_us += (text.front() - '0') * unit;
        unit /= 10;
        text.remove_prefix(1);
    }
    return true;
}

bool take_clock(std::string_view& text, Moment& moment, std::int64_t& fraction_us) {
    if (!take_digits(text, 2, moment.hour) || !take(text, ':') || !take_digits(text, 2, moment.minute)) return false;
    if (!take(text, ':')) return true;
    return take_digits(text, 2, moment.second) && take_fraction(text, fraction_us);
}

std::tm calendar_of(const Moment& moment) {
    std::tm local{};
    local.tm_year = moment.year - 1900;
    local.tm_mon = static_cast<int>(moment.month) - 1;
    local.tm_mday = static_cast<int>(moment.day);
    local.tm_hour = moment.hour;
    local.tm_min = moment.minute;
    local.tm_sec = moment.second;
    return local;
}

}  // namespace

std::optional<std::int64_t> read_log_date(std::string_view text) {
    Moment moment;
    std::int64_t offset = 0;
    const bool whole = take_digits(text, 2, moment.day) && take(text, '/') && take_month_name(text, moment.month) &&
                       take(text, '/') && take_digits(text, 4, moment.year) && take(text, ':') &&
                       take_digits(text, 2, moment.hour) && take(text, ':') && take_digits(text, 2, moment.minute) &&
                       take(text, ':') && take_digits(text, 2, moment.second) && take(text, ' ') &&
                       take_zone(text, offset) && text.empty();
    if (!whole || !is_real(moment)) return std::nullopt;
    return seconds_in_utc(moment) - offset;
}

std::optional<std::int64_t> read_iso_time(std::string_view text) {
    Moment moment;
    std::int64_t fraction_us = 0;
    if (!take_digits(text, 4, moment.year) || !take(text, '-') || !take_digits(text, 2, moment.month) ||
        !take(text, '-') || !take_digits(text, 2, moment.day)) {
        return std::nullopt;
    }
    if (take(text, 'T') || take(text, 't') || take(text, ' ')) {
        if (!take_clock(text, moment, fraction_us)) return std::nullopt;
    }
    if (!is_real(moment)) return std::nullopt;
    if (text.empty()) {
        const auto seconds = from_local(calendar_of(moment));
        if (!seconds) return std::nullopt;
        return *seconds * kMicrosecondsPerSecond + fraction_us;
    }
    take(text, ' ');
    std::int64_t offset = 0;
    if (!take_zone(text, offset) || !text.empty()) return std::nullopt;
    return (seconds_in_utc(moment) - offset) * kMicrosecondsPerSecond + fraction_us;
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
    int fraction = 0;
    if (!take_digits(text, digits, fraction)) return std::nullopt;
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
