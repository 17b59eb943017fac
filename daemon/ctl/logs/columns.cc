#include "daemon/ctl/logs/columns.h"

#include <array>
#include <ctime>
#include <iterator>

#include <fmt/format.h>

#include "daemon/ctl/logs/log_time.h"

namespace basehttpd {
namespace {

constexpr std::size_t kWide = 100;

std::string clock_text(const LogRecord::Number& time_us, std::size_t width) {
    const char* const format = width < kWide ? "%H:%M:%S" : "%b %d %H:%M:%S";
    if (!time_us) return std::string(width < kWide ? 8 : 15, ' ');
    const std::time_t time = *time_us / kMicrosecondsPerSecond;
    std::tm local{};
    std::array<char, 64> text{};
    if (::localtime_r(&time, &local) == nullptr) return {};
    return {text.data(), std::strftime(text.data(), text.size(), format, &local)};
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
    const std::string_view odd = remark(record);
    const std::string time = clock_text(record.time_us, terminal.width);
    const std::string status = record.status.value_or(0) == 0 ? "-" : fmt::to_string(*record.status);
    const std::string size = record.bytes ? short_count(*record.bytes) : "-";
    const std::string duration = record.duration_us ? short_duration(*record.duration_us) : "-";
    const std::string request =
        record.method.empty() ? std::string(record.request) : fmt::format("{} {}", record.method, record.target);
    std::string client;
    append_cut(client, record.client.empty() ? "-" : record.client, terminal.width < kWide ? 15 : 24);

    const auto colour = [&](std::string_view sequence) { return terminal.coloured ? sequence : std::string_view(); };
    const std::string_view plain = colour(kPlain);
    fmt::format_to(std::back_inserter(out), "{}{}{} {:<15} {}{:>3}{} {:>5} {:>6} ", colour(kFaint), time, plain,
                   client, colour(status_colour(record.status.value_or(0))), status, plain, size, duration);
    const std::size_t used = time.size() + 1 + std::max<std::size_t>(client.size(), 15) + 1 + 3 + 1 +
                             std::max<std::size_t>(size.size(), 5) + 1 + std::max<std::size_t>(duration.size(), 6) +
                             1;
    const std::size_t remark_size = odd.empty() ? 0 : odd.size() + 3;
    const std::size_t left = terminal.width > used + remark_size ? terminal.width - used - remark_size : 0;
    append_cut(out, request.empty() ? "-" : request, left);
    if (!odd.empty()) fmt::format_to(std::back_inserter(out), " {}({}){}", colour("\x1b[31m"), odd, plain);
    out += '\n';
}

}  // namespace basehttpd
