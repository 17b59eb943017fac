#include "basehttp/protocol/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "basehttp/protocol/date_reader.h"
#include "basehttp/text/number.h"

namespace basehttp {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using Date = std::chrono::year_month_day;
using Clock = std::chrono::hh_mm_ss<seconds>;

using Names = std::array<std::string_view, 7>;
constexpr Names kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr Names kLongDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

// A time_t can lie far beyond the years that std::chrono has, and HTTP has four digits for a year.
constexpr sys_seconds held_at_bounds(std::time_t time) {
    constexpr sys_seconds kFirst = sys_days(std::chrono::year(1) / 1 / 1);
    constexpr sys_seconds kLast = sys_days(std::chrono::year(10'000) / 1 / 1) - seconds(1);
    return std::clamp(sys_seconds(seconds(time)), kFirst, kLast);
}

void append_clock(std::string& out, Clock clock) {
    append_padded(out, clock.hours().count(), 2);
    out += ':';
    append_padded(out, clock.minutes().count(), 2);
    out += ':';
    append_padded(out, clock.seconds().count(), 2);
}

// A date that has been read, whose year may still lack its century.
struct Moment {
    Date date;
    seconds clock;
};

std::optional<std::time_t> assemble(const DateReader& reader, Moment moment) {
    if (!reader.done() || !moment.date.ok()) return std::nullopt;
    return (sys_days(moment.date) + moment.clock).time_since_epoch().count();
}

Moment read_day_month_year(DateReader& reader, const Names& days, std::string_view dash, std::size_t year_digits) {
    reader.word(days);
    reader.literal(", ");
    const std::chrono::day day = reader.day();
    reader.literal(dash);
    const std::chrono::month month = reader.named_month();
    reader.literal(dash);
    const std::chrono::year year(reader.digits(year_digits));
    reader.literal(" ");
    const seconds clock = reader.clock();
    reader.literal(" GMT");
    return {year / month / day, clock};
}

std::optional<std::time_t> parse_fixdate(std::string_view text) {
    DateReader reader(text);
    return assemble(reader, read_day_month_year(reader, kDays, " ", 4));
}

// The latest year with the two digits of the date's that puts it no more than 50 years after `now`.
Date with_century(Moment moment, std::time_t now) {
    const sys_seconds time = held_at_bounds(now);
    const Date latest = Date(std::chrono::floor<std::chrono::days>(time)) + std::chrono::years(50);
    const sys_seconds bound = sys_days(latest) + (time - std::chrono::floor<std::chrono::days>(time));
    const int century = static_cast<int>(latest.year()) / 100 * 100;
    const Date date = moment.date + std::chrono::years(century);
    return sys_days(date) + moment.clock > bound ? date - std::chrono::years(100) : date;
}

std::optional<std::time_t> parse_rfc850(std::string_view text, std::time_t now) {
    DateReader reader(text);
    Moment moment = read_day_month_year(reader, kLongDays, "-", 2);
    if (reader.done()) moment.date = with_century(moment, now);
    return assemble(reader, moment);
}

std::optional<std::time_t> parse_asctime(std::string_view text) {
    DateReader reader(text);
    reader.word(kDays);
    reader.literal(" ");
    const std::chrono::month month = reader.named_month();
    reader.literal(" ");
    const bool padded = reader.take(' ');
    const int day = reader.digits(padded ? 1 : 2);
    reader.literal(" ");
    const seconds clock = reader.clock();
    reader.literal(" ");
    const std::chrono::year year = reader.year();
    return assemble(reader, {year / month / day, clock});
}

}  // namespace

void append_http_date(std::string& out, std::time_t time) {
    const sys_seconds second = held_at_bounds(time);
    const sys_days days = std::chrono::floor<std::chrono::days>(second);
    const Date date(days);
    out += kDays[std::chrono::weekday(days).c_encoding()];
    out += ", ";
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    out += ' ';
    out += kMonths[static_cast<unsigned>(date.month()) - 1];
    out += ' ';
    append_padded(out, static_cast<int>(date.year()), 4);
    out += ' ';
    append_clock(out, Clock(second - days));
    out += " GMT";
}

std::optional<std::time_t> parse_http_date(std::string_view text, std::time_t now) {
    if (auto time = parse_fixdate(text)) return time;
    if (auto time = parse_rfc850(text, now)) return time;
    return parse_asctime(text);
}

void append_log_date(std::string& out, std::time_t time) {
    std::tm local{};
    localtime_r(&time, &local);
    append_padded(out, local.tm_mday, 2);
    out += '/';
    out += kMonths[static_cast<std::size_t>(local.tm_mon)];
    out += '/';
    append_padded(out, local.tm_year + 1900L, 4);
    out += ':';
    append_clock(
        out, Clock(std::chrono::hours(local.tm_hour) + std::chrono::minutes(local.tm_min) + seconds(local.tm_sec)));
    const long offset = local.tm_gmtoff / 60;
    out += offset < 0 ? " -" : " +";
    append_padded(out, std::abs(offset) / 60, 2);
    append_padded(out, std::abs(offset) % 60, 2);
}

}  // namespace basehttp
