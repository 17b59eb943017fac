#include "daemon/ctl/logs/shows/columns.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

// Widths from which on there is room for the date, for size and duration, for the client.
constexpr std::size_t kWide = 100;
constexpr std::size_t kNarrow = 72;
constexpr std::size_t kVeryNarrow = 40;

std::string clock_text(const LogRecord::Number& time_us, std::size_t width) {
    const char* const format = width < kWide ? "%H:%M:%S" : "%b %d %H:%M:%S";
    if (!time_us) return std::string(width < kWide ? 8 : 15, ' ');
    return local_text(*time_us / kMicrosecondsPerSecond, format);
}

std::string client_text(const LogRecord& record, std::size_t width) {
    std::string text;
    append_cut(text, record.client.empty() ? "-" : record.client, width < kWide ? 15 : 24);
    return fmt::format("{:<15}", text);
}

std::string status_text(const LogRecord& record) {
    return record.status.value_or(0) == 0 ? "  -" : fmt::format("{:>3}", *record.status);
}

// What the status does not say.
std::string_view remark(const LogRecord& record) {
    if (record.ended == "client_left") return "client left";
    if (record.ended == "timed_out") return "timed out";
    if (record.ended == "aborted") return "aborted";
    if (record.ended == "worker_died") return "worker died";
    if (record.ended == "cut_short") return "cut short";
    return {};
}

}  // namespace

std::string short_count(std::int64_t number) {
    constexpr std::array<char, 6> kUnits{'k', 'M', 'G', 'T', 'P', 'E'};
    if (number < 1000) return fmt::to_string(number);
    double value = static_cast<double>(number);
    std::size_t unit = 0;
    for (value /= 1000; value >= 999.5 && unit + 1 < kUnits.size(); ++unit)
        value /= 1000;
    return value < 9.95 ? fmt::format("{:.1f}{}", value, kUnits[unit]) : fmt::format("{:.0f}{}", value, kUnits[unit]);
}

std::string short_duration(std::int64_t microseconds) {
    const double value = static_cast<double>(microseconds);
    if (microseconds < 1000) return fmt::format("{}us", microseconds);
    if (microseconds < 9950) return fmt::format("{:.1f}ms", value / 1e3);
    if (microseconds < 999'500) return fmt::format("{:.0f}ms", value / 1e3);
    if (microseconds < 9'950'000) return fmt::format("{:.1f}s", value / 1e6);
    const std::int64_t seconds = microseconds / kMicrosecondsPerSecond;
    if (seconds < 60) return fmt::format("{}s", seconds);
    return seconds < 6000 ? fmt::format("{}m{:02}s", seconds / 60, seconds % 60)
                          : fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
}

std::string_view status_colour(std::int64_t status) {
    switch (status / 100) {
        case 2:
            return "\x1b[32m";
        case 3:
            return "\x1b[36m";
        case 4:
            return "\x1b[33m";
        case 1:
            return {};
        default:
            return "\x1b[31m";
    }
}

void append_columns(std::string& out, const LogRecord& record, const Terminal& terminal) {
    const auto colour = [&](std::string_view sequence) { return terminal.coloured ? sequence : std::string_view(); };
    const std::string_view plain = colour(kPlain);
    const bool narrow = terminal.width < kNarrow;
    std::size_t used = 0;
    const auto add = [&](std::string_view sequence, const std::string& text) {
        out += colour(sequence);
        out += text;
        if (!sequence.empty()) out += plain;
        out += ' ';
        used += text.size() + 1;
    };
    add(kFaint, clock_text(record.time_us, terminal.width));
    if (terminal.width >= kVeryNarrow) add({}, client_text(record, terminal.width));
    add(status_colour(record.status.value_or(0)), status_text(record));
    if (!narrow) add({}, fmt::format("{:>5}", record.size() ? short_count(*record.size()) : "-"));
    if (!narrow) add({}, fmt::format("{:>6}", record.duration_us ? short_duration(*record.duration_us) : "-"));

    std::string odd(remark(record));
    if (!odd.empty()) odd = narrow ? "!" : fmt::format("({})", odd);
    const std::size_t odd_size = odd.empty() ? 0 : odd.size() + 1;
    const std::string request =
        record.method.empty() ? std::string(record.request) : fmt::format("{} {}", record.method, record.target);
    append_cut(out, request.empty() ? "-" : request, terminal.width - std::min(terminal.width, used + odd_size));
    if (!odd.empty()) fmt::format_to(std::back_inserter(out), " {}{}{}", colour("\x1b[31m"), odd, plain);
    out += '\n';
}

}  // namespace basehttpd
