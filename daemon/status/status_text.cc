#include "daemon/status/status_text.h"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace basehttpd {
namespace {

using basehttp::TimeRanges;

std::uint64_t sum_of(const auto& counts) {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts)
        sum += count;
    return sum;
}

std::string times_line(std::string_view when, const TimeRanges::Counts& times) {
    const auto within = [&times](double fraction) { return time_in_words(TimeRanges::percentile(times, fraction)); };
    return fmt::format("times {}: p50 {}, p99 {}, p99.9 {}\n", when, within(0.5), within(0.99), within(0.999));
}

std::string describe(const SinkFacts& sink) {
    if (sink.failing_since_s == 0) return fmt::format("log {}: good, {} lines lost\n", sink.name.view(), sink.lost);
    return fmt::format("log {}: failing since {}, {}; {} lines lost, {} bytes wait\n", sink.name.view(),
                       local_time(sink.failing_since_s), sink.failure.view(), sink.lost, sink.waiting);
}

}  // namespace

std::string traffic_summary(const StatusFacts& facts) {
    const Figures& all = facts.totals;
    const std::string refused = all.refused == 0 ? "" : fmt::format(", {} connections refused", all.refused);
    return fmt::format("{} connections, {} busy, {} requests ({:.1f}/s), {} answered 5xx ({:.1f}/s){}",
                       facts.connections, facts.busy, all.requests, facts.rates.requests, all.server_errors(),
                       facts.rates.server_errors, refused);
}

std::string worker_table(const StatusFacts& facts) {
    if (facts.workers.size() == 0) return {};
    std::string text = fmt::format("{:<6} {:>3} {:>11} {:<9} {:>7} {:>6} {:>12} {:>9} {:>8}\n", "worker", "", "",
                                   "state", "open", "busy", "requests", "/s", "5xx");
    for (const WorkerFacts& each : facts.workers) {
        text += fmt::format("worker {:<3} pid {:<7} {:<9} {:>7} {:>6} {:>12} {:>9.1f} {:>8}\n", each.number, each.pid,
                            each.state.view(), each.connections, each.busy, each.requests, each.rates.requests,
                            each.server_errors);
    }
    return text;
}

std::string answers_text(const StatusFacts& facts) {
    if (sum_of(facts.totals.times) == 0) return {};
    std::string text = times_line("of all requests", facts.totals.times);
    if (sum_of(facts.recent_times) != 0) text += times_line("of the last seconds", facts.recent_times);
    std::string counts;
    for (std::size_t digit = 1; digit < facts.totals.responses.size(); ++digit) {
        if (facts.totals.responses[digit] != 0)
            counts += fmt::format("{}{} {}xx", counts.empty() ? "" : ", ", facts.totals.responses[digit], digit);
    }
    return counts.empty() ? text : text + "answers: " + counts + "\n";
}

std::string site_table(const StatusFacts& facts) {
    std::string text;
    std::size_t shown = 0;
    for (const SiteFacts& site : facts.sites) {
        const std::uint64_t requests = sum_of(site.figures.responses);
        if (requests == 0) continue;
        ++shown;
        text += fmt::format("site {}: {} requests, {} answered 4xx, {} answered 5xx\n", site.name.view(), requests,
                            site.figures.responses[4], site.figures.responses[5]);
    }
    return shown > 1 ? text : std::string();
}

std::string sink_lines(const StatusFacts& facts) {
    std::string text;
    for (const SinkFacts& sink : facts.sinks)
        text += describe(sink);
    return text;
}

std::string duration_in_words(std::int64_t seconds) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    if (seconds < kMinute) return fmt::format("{} s", seconds);
    if (seconds < kHour) return fmt::format("{} min", seconds / kMinute);
    if (seconds < kDay) return fmt::format("{} h {} min", seconds / kHour, seconds % kHour / kMinute);
    return fmt::format("{} d {} h", seconds / kDay, seconds % kDay / kHour);
}

std::string time_in_words(double seconds) {
    constexpr double kMilli = 1000;
    constexpr double kMicro = 1'000'000;
    if (seconds < 1 / kMilli) return fmt::format("{:.0f} us", seconds * kMicro);
    if (seconds < 10 / kMilli) return fmt::format("{:.1f} ms", seconds * kMilli);
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * kMilli);
    return fmt::format("{:.1f} s", seconds);
}

std::string local_time(std::int64_t seconds_since_1970) {
    const auto time = static_cast<std::time_t>(seconds_since_1970);
    std::tm local{};
    ::localtime_r(&time, &local);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", local);
}

}  // namespace basehttpd
