#include "daemon/ctl/logs/lines/time_expression.h"

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_error.h"
#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t us;
};

constexpr std::int64_t kSecond = kMicrosecondsPerSecond;

constexpr std::array kUnits = std::to_array<Unit>({
    {"ms", 1000},
    {"s", kSecond},
    {"sec", kSecond},
    {"secs", kSecond},
    {"second", kSecond},
    {"seconds", kSecond},
    {"m", 60 * kSecond},
    {"min", 60 * kSecond},
    {"mins", 60 * kSecond},
    {"minute", 60 * kSecond},
    {"minutes", 60 * kSecond},
    {"h", 3600 * kSecond},
    {"hour", 3600 * kSecond},
    {"hours", 3600 * kSecond},
    {"d", 86'400 * kSecond},
    {"day", 86'400 * kSecond},
    {"days", 86'400 * kSecond},
    {"w", 604'800 * kSecond},
    {"week", 604'800 * kSecond},
    {"weeks", 604'800 * kSecond},
});

std::string_view trim_front(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    return text;
}

// span = 1*( number unit ), with or without spaces
std::optional<std::int64_t> parse_span(std::string_view text) {
    std::int64_t sum = 0;
    text = trim_front(text);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc{} || count < 0) return std::nullopt;
        text = trim_front(text.substr(static_cast<std::size_t>(rest - text.data())));
        std::size_t size = 0;
        while (size < text.size() && basehttp::to_lower(text[size]) >= 'a' && basehttp::to_lower(text[size]) <= 'z')
            ++size;
        const Unit* found = nullptr;
        for (const Unit& unit : kUnits) {
            if (basehttp::equals_ignoring_case(unit.name, text.substr(0, size))) found = &unit;
        }
        if (found == nullptr || __builtin_mul_overflow(count, found->us, &count) ||
            __builtin_add_overflow(sum, count, &sum)) {
            return std::nullopt;
        }
        text = trim_front(text.substr(size));
    }
    return sum;
}

std::optional<std::int64_t> parse_ago(std::string_view text) {
    if (text.starts_with('-')) return parse_span(text.substr(1));
    if (!text.ends_with("ago")) return std::nullopt;
    return parse_span(text.substr(0, text.size() - 3));
}

// `10:00` or `10:00:30` on the day that is `days` from the one that `now_us` is in, by the calendar.
std::optional<std::int64_t> time_of_day(std::string_view clock, int days, std::int64_t now_us) {
    const std::time_t now = now_us / kMicrosecondsPerSecond;
    std::tm day{};
    if (::localtime_r(&now, &day) == nullptr) return std::nullopt;
    day.tm_mday += days;
    day.tm_hour = 12;  // never skipped or repeated: the date alone is wanted
    day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    const std::time_t noon = ::mktime(&day);
    if (::localtime_r(&noon, &day) == nullptr) return std::nullopt;
    if (clock.size() == 4 && clock[1] == ':') {
        return read_iso_time(
            fmt::format("{:04}-{:02}-{:02} 0{}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday, clock));
    }
    return read_iso_time(fmt::format("{:04}-{:02}-{:02} {}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday,
                                     clock.empty() ? "00:00" : clock));
}

std::optional<std::int64_t> parse_named_day(std::string_view text, std::int64_t now_us) {
    constexpr std::array<std::pair<std::string_view, int>, 3> kDays{
        {{"yesterday", -1}, {"today", 0}, {"tomorrow", 1}}};
    for (const auto& [name, days] : kDays) {
        if (!basehttp::equals_ignoring_case(text.substr(0, name.size()), name)) continue;
        const std::string_view clock = text.substr(name.size());
        if (!clock.empty() && !clock.starts_with(' ')) return std::nullopt;
        return time_of_day(trim_front(clock), days, now_us);
    }
    const bool clock =
        text.size() >= 4 && text.size() <= 15 && basehttp::is_digit(text[0]) && (text[1] == ':' || text[2] == ':');
    return clock ? time_of_day(text, 0, now_us) : std::nullopt;
}

std::optional<std::int64_t> parse_epoch(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [rest, error] = std::from_chars(text.data() + 1, text.data() + text.size(), seconds);
    if (error != std::errc{} || __builtin_mul_overflow(seconds, kMicrosecondsPerSecond, &seconds))
        return std::nullopt;
    if (rest != text.data() + text.size()) return std::nullopt;
    return seconds;
}

std::optional<std::int64_t> parse(std::string_view text, std::int64_t now_us) {
    if (basehttp::equals_ignoring_case(text, "now")) return now_us;
    if (text.starts_with('@')) return parse_epoch(text);
    if (const auto ago = parse_ago(text)) return now_us - *ago;
    if (const auto day = parse_named_day(text, now_us)) return day;
    if (const auto span = parse_span(text)) return now_us - *span;
    if (const auto seconds = read_log_date(text)) return *seconds * kMicrosecondsPerSecond;
    return read_iso_time(text);
}

}  // namespace

std::expected<std::int64_t, std::string> parse_time_expression(std::string_view text, std::int64_t now_us) {
    text = basehttp::trim_white_space(text);
    if (const auto time = parse(text, now_us)) return *time;
    return std::unexpected(fmt::format(
        "{} is no time; write '1h', '10 min ago', 'yesterday', 'today 10:00', '2026-11-25 10:00' or with a zone "
        "'2026-11-25T10:00:00Z'",
        in_quotes(text)));
}

}  // namespace basehttpd
