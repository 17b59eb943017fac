#include "daemon/ctl/logs/shows/summary_text.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "basehttp/protocol/status.h"
#include "basehttp/text/human_number.h"
#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/ctl/logs/shows/columns.h"

namespace basehttpd {
namespace {

using basehttp::human_size;
using basehttp::in_groups;

constexpr std::size_t kMostRows = 24;

// Widths from which on there is room for bars and for shares and bytes.
constexpr std::size_t kNarrow = 60;

void append_title(std::string& out, std::string_view title, const Terminal& terminal) {
    fmt::format_to(std::back_inserter(out), "\n{}{}{}\n", terminal.coloured ? kBold : "", title,
                   terminal.coloured ? kPlain : "");
}

// Goes on from the column `used` with the items, in as many lines as they need, each from `indent` on.
void append_wrapped(std::string& out, const std::vector<std::string>& items, std::size_t used, std::size_t indent,
                    const Terminal& terminal) {
    for (const std::string& item : items) {
        const std::size_t column = std::max(used + (used == 0 ? 0 : 3), indent);
        if (used > 0 && column + item.size() > terminal.width) {
            out += '\n' + std::string(indent, ' ') + item;
            used = indent + item.size();
        } else {
            out += std::string(column - used, ' ') + item;
            used = column + item.size();
        }
    }
    out += '\n';
}

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void append_table(std::string& out, std::string_view title, const HeavyHitters& hits, std::uint64_t requests,
                  const Terminal& terminal, std::size_t top) {
    const std::vector<HeavyHitters::Hit> rows = hits.top(top);
    if (rows.empty()) return;
    const bool exact = hits.error() == 0;
    append_title(out,
                 exact ? fmt::format("{} ({} distinct)", title, in_groups(hits.distinct()))
                       : fmt::format("{} (too many to count each: these counts may be up to {} too low)", title,
                                     in_groups(hits.error())),
                 terminal);
    for (const HeavyHitters::Hit& hit : rows) {
        const std::string count = in_groups(hit.count);
        if (terminal.width < kNarrow) {
            fmt::format_to(std::back_inserter(out), "{:>9}  ", count);
            append_cut(out, hit.text,
                       terminal.width - std::min(terminal.width, std::max<std::size_t>(count.size(), 9) + 2));
        } else {
            fmt::format_to(std::back_inserter(out), "{:>11} {:>5.1f}% {:>9}  ", count, percent(hit.count, requests),
                           human_size(hit.bytes));
            append_cut(out, hit.text, terminal.width - 30);
        }
        out += '\n';
    }
}

void append_durations(std::string& out, const ValueHistogram& durations, const Terminal& terminal) {
    if (durations.count() == 0) return;
    append_title(out, "Time taken", terminal);
    constexpr std::array<std::pair<std::string_view, double>, 4> kShown{
        {{"50%", 0.5}, {"90%", 0.9}, {"99%", 0.99}, {"99.9%", 0.999}}};
    std::vector<std::string> items;
    for (const auto& [name, fraction] : kShown)
        items.push_back(fmt::format("{} {}", name, short_duration(durations.percentile(fraction))));
    items.push_back("longest " + short_duration(durations.largest()));
    append_wrapped(out, items, 0, 4, terminal);
}

// A bar of eighths of a character, so that small differences show; whole ones of plain ASCII where there is no more.
std::string bar(std::uint64_t value, std::uint64_t largest, std::size_t width, const Terminal& terminal) {
    constexpr std::array<std::string_view, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (largest == 0 || value == 0) return {};
    const double share = static_cast<double>(value) / static_cast<double>(largest);
    const auto eighths = std::max<std::size_t>(static_cast<std::size_t>(share * static_cast<double>(width) * 8), 1);
    if (!terminal.utf8) return std::string((eighths + 7) / 8, '#');
    std::string text;
    for (std::size_t i = 0; i < eighths / 8; ++i)
        text += "█";
    text += kEighths[eighths % 8];
    return text;
}

void append_overview(std::string& out, const Summary& summary) {
    fmt::format_to(std::back_inserter(out), "{} {}, {} sent", in_groups(summary.requests),
                   summary.requests == 1 ? "request" : "requests", human_size(summary.bytes));
    if (summary.cut_short > 0)
        fmt::format_to(std::back_inserter(out), ", {} cut short", in_groups(summary.cut_short));
    out += '\n';
    if (summary.first_us > summary.last_us) return;
    const std::int64_t first = summary.first_us / kMicrosecondsPerSecond;
    const std::int64_t last = summary.last_us / kMicrosecondsPerSecond;
    const double seconds = std::max(static_cast<double>(summary.last_us - summary.first_us) / 1e6, 1.0);
    const double rate = static_cast<double>(summary.requests) / seconds;
    fmt::format_to(std::back_inserter(out), "{} to {} ({}), {:.{}f} a second\n",
                   local_text(first, "%Y-%m-%d %H:%M:%S %Z"), local_text(last, "%Y-%m-%d %H:%M:%S %Z"),
                   short_duration(summary.last_us - summary.first_us), rate, rate < 10 ? 2 : 0);
}

void append_statuses(std::string& out, const Summary& summary, const Terminal& terminal) {
    append_title(out, "Statuses", terminal);
    for (std::size_t first = 0; first < Summary::kClasses; ++first) {
        if (summary.classes[first] == 0) continue;
        const auto status = static_cast<std::int64_t>(first * 100);
        const std::string name = first == 0 ? "none" : fmt::format("{}xx", first);
        std::vector<std::string> codes;
        for (std::size_t code = first * 100; first > 0 && code < first * 100 + 100; ++code) {
            if (summary.statuses[code] > 0)
                codes.push_back(fmt::format("{}: {}", code, in_groups(summary.statuses[code])));
        }
        const std::string front = terminal.width < kNarrow
                                      ? fmt::format("{:>9}  ", in_groups(summary.classes[first]))
                                      : fmt::format("{:>11} {:>5.1f}%  ", in_groups(summary.classes[first]),
                                                    percent(summary.classes[first], summary.requests));
        fmt::format_to(std::back_inserter(out), "{}{}{:<4}{}", front, terminal.coloured ? status_colour(status) : "",
                       name, terminal.coloured ? kPlain : "");
        append_wrapped(out, codes, front.size() + 4, terminal.width < kNarrow ? 5 : front.size() + 6, terminal);
    }
}

void append_histogram(std::string& out, const TimeHistogram& times, const Terminal& terminal) {
    const std::vector<TimeHistogram::Row> rows = times.rows(kMostRows);
    if (rows.empty()) return;
    append_title(out, "Over time", terminal);
    std::uint64_t largest = 0;
    for (const TimeHistogram::Row& row : rows)
        largest = std::max(largest, row.requests);
    const std::int64_t width = rows.front().end - rows.front().start;
    const char* format = width >= 86'000 ? "%a %Y-%m-%d" : width >= 60 ? "%a %b %d %H:%M" : "%b %d %H:%M:%S";
    if (terminal.width < kNarrow) format = width >= 86'000 ? "%m-%d" : width >= 60 ? "%d %H:%M" : "%H:%M:%S";
    for (const TimeHistogram::Row& row : rows) {
        const std::string moment = local_text(row.start, format);
        if (terminal.width < kNarrow) {
            fmt::format_to(std::back_inserter(out), "{:<8} {:>9}\n", moment, in_groups(row.requests));
            continue;
        }
        fmt::format_to(std::back_inserter(out), " {:<16} {:>9} {}", moment, in_groups(row.requests),
                       bar(row.requests, largest, terminal.width - 45, terminal));
        if (row.errors > 0) {
            fmt::format_to(std::back_inserter(out), " {}{} failed{}", terminal.coloured ? status_colour(500) : "",
                           in_groups(row.errors), terminal.coloured ? kPlain : "");
        }
        out += '\n';
    }
}

}  // namespace

std::string summary_text(const Summary& summary, const Terminal& terminal, std::size_t top) {
    std::string out;
    append_overview(out, summary);
    if (summary.requests == 0) return out;
    append_statuses(out, summary, terminal);
    append_durations(out, summary.durations, terminal);
    append_histogram(out, summary.times, terminal);
    append_table(out, "Paths", summary.paths, summary.requests, terminal, top);
    append_table(out, "Not found", summary.missing, summary.requests, terminal, top);
    append_table(out, "Clients", summary.clients, summary.requests, terminal, top);
    append_table(out, "Agents", summary.agents, summary.requests, terminal, top);
    append_table(out, "Referers", summary.referers, summary.requests, terminal, top);
    append_table(out, "Hosts", summary.hosts, summary.requests, terminal, top);
    return out;
}

}  // namespace basehttpd
