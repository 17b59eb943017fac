#include "daemon/status/status_metrics.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace basehttpd {
namespace {

using basehttp::TimeRanges;
using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Families one after the other, each with its samples.
class MetricsText {
  public:
    explicit MetricsText(MetricsForm form) : form_(form) {}

    // OpenMetrics calls a family of counters by their names without `_total`.
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        std::string_view shown = name;
        constexpr std::string_view kTotal = "_total";
        if (form_ == MetricsForm::openmetrics && shown.ends_with(kTotal)) shown.remove_suffix(kTotal.size());
        text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", shown, help, shown, type);
    }

    template <typename Number>
    void sample(Number value, Labels labels = {}, std::string_view suffix = {}) {
        text_.append(name_).append(suffix);
        char before = '{';
        for (const auto& [label, content] : labels) {
            text_ += before;
            text_.append(label).append("=\"");
            append_escaped(content);
            text_ += '"';
            before = ',';
        }
        text_ += fmt::format("{} {}\n", labels.size() == 0 ? "" : "}", value);
    }

    template <typename Number>
    void single(std::string_view name, std::string_view type, std::string_view help, Number value) {
        family(name, type, help);
        sample(value);
    }

    std::string take() {
        if (form_ == MetricsForm::openmetrics) text_ += "# EOF\n";
        return std::move(text_);
    }

  private:
    void append_escaped(std::string_view content) {
        for (const char c : content) {
            if (c == '\n') {
                text_ += "\\n";
                continue;
            }
            if (c == '\\' || c == '"') text_ += '\\';
            text_ += c;
        }
    }

    MetricsForm form_;
    std::string name_;
    std::string text_;
};

std::string class_name(std::size_t digit) {
    return digit == 0 ? "none" : fmt::format("{}xx", digit);
}

// The bounds are powers of two of the unit, so that what is counted in ranges is told exactly.
void add_times(MetricsText& out, const Figures& all) {
    constexpr std::size_t kFirst = 4 * TimeRanges::Ranges::kInOctave;
    constexpr double kNano = 1e-9;
    out.family("basehttpd_request_duration_seconds", "histogram",
               "Time from the first byte of a request to the last one of its response.");
    std::uint64_t seen = 0;
    for (std::size_t range = 0; range + 1 < TimeRanges::kCount; ++range) {
        seen += all.times[range];
        const bool ends_octave = (range + 1) % TimeRanges::Ranges::kInOctave == 0;
        if (ends_octave && range >= kFirst)
            out.sample(seen, {{"le", fmt::format("{:.9g}", TimeRanges::end_of(range))}}, "_bucket");
    }
    seen += all.times.back();
    out.sample(seen, {{"le", "+Inf"}}, "_bucket");
    out.sample(static_cast<double>(all.duration_ns) * kNano, {}, "_sum");
    out.sample(seen, {}, "_count");
}

void add_traffic(MetricsText& out, const StatusFacts& facts) {
    const Figures& all = facts.totals;
    out.single("basehttpd_connections", "gauge", "Open connections.", facts.connections);
    out.single("basehttpd_connections_busy", "gauge", "Connections with a request under way.", facts.busy);
    out.single("basehttpd_connections_limit", "gauge", "Connections that all workers together accept.",
               facts.most_connections);
    out.single("basehttpd_connections_accepted_total", "counter", "Connections accepted.", all.accepted);
    out.single("basehttpd_connections_refused_total", "counter",
               "Connections beyond limits.connections_per_client, closed at once.", all.refused);
    out.family("basehttpd_responses_total", "counter", "Requests answered, by class of status; none: no response.");
    for (std::size_t digit = 0; digit < all.responses.size(); ++digit)
        out.sample(all.responses[digit], {{"code", class_name(digit)}});
    out.single("basehttpd_response_body_bytes_total", "counter", "Content sent, in bytes.", all.body_bytes);
    add_times(out, all);
}

void add_sites(MetricsText& out, const StatusFacts& facts) {
    out.family("basehttpd_site_responses_total", "counter", "Requests answered, by site and class of status.");
    for (const SiteFacts& site : facts.sites) {
        for (std::size_t digit = 0; digit < site.figures.responses.size(); ++digit)
            out.sample(site.figures.responses[digit], {{"site", site.name}, {"code", class_name(digit)}});
    }
    out.family("basehttpd_site_response_body_bytes_total", "counter", "Content sent, in bytes, by site.");
    for (const SiteFacts& site : facts.sites)
        out.sample(site.figures.body_bytes, {{"site", site.name}});
}

template <typename Value>
void add_of_workers(MetricsText& out, const StatusFacts& facts, std::string_view name, std::string_view help,
                    Value value) {
    out.family(name, "gauge", help);
    for (const WorkerFacts& worker : facts.workers)
        out.sample(value(worker), {{"worker", std::to_string(worker.number)}});
}

void add_workers(MetricsText& out, const StatusFacts& facts) {
    out.single("basehttpd_workers_configured", "gauge", "Workers that should run.", facts.configured_workers);
    out.single("basehttpd_workers_started_total", "counter", "Workers started by this master.",
               facts.started_workers);
    add_of_workers(out, facts, "basehttpd_worker_memory_bytes", "Memory that a worker has for itself.",
                   [](const WorkerFacts& worker) { return worker.memory; });
    add_of_workers(out, facts, "basehttpd_worker_connections", "Open connections of a worker.",
                   [](const WorkerFacts& worker) { return worker.connections; });
    add_of_workers(out, facts, "basehttpd_worker_age_seconds", "Time since a worker was started.",
                   [](const WorkerFacts& worker) { return worker.age_s; });
}

void add_logs(MetricsText& out, const StatusFacts& facts) {
    out.single("basehttpd_log_lines_lost_total", "counter", "Lines that no log has.", facts.lost_lines);
    out.single("basehttpd_logger_hangs", "gauge", "1 while the logger does not run its loop.",
               facts.logger_hangs ? 1 : 0);
    out.family("basehttpd_log_failing", "gauge", "1 while a log cannot be written.");
    for (const SinkFacts& sink : facts.sinks)
        out.sample(sink.failing_since_s != 0 ? 1 : 0, {{"log", sink.name}});
    out.family("basehttpd_log_waiting_bytes", "gauge", "Lines that wait to be written, in bytes.");
    for (const SinkFacts& sink : facts.sinks)
        out.sample(sink.waiting, {{"log", sink.name}});
}

void add_reloads(MetricsText& out, const StatusFacts& facts) {
    if (facts.reloads.size() == 0) return;
    const ReloadFacts& last = *facts.reloads.begin();
    out.single("basehttpd_last_reload_timestamp_seconds", "gauge", "When the configuration was last reloaded.",
               last.at_s);
    out.single("basehttpd_last_reload_applied", "gauge", "1 if the last reload was applied, 0 if it was refused.",
               last.verdict.view().starts_with("applied") ? 1 : 0);
}

}  // namespace

std::string status_metrics(const StatusFacts& facts, MetricsForm form) {
    MetricsText out(form);
    out.family("basehttpd_build_info", "gauge", "The version of the daemon.");
    out.sample(1, {{"version", BASEHTTPD_VERSION}});
    out.single("basehttpd_start_time_seconds", "gauge", "When the master was started, since 1970.", facts.started_s);
    add_traffic(out, facts);
    add_sites(out, facts);
    add_workers(out, facts);
    add_logs(out, facts);
    add_reloads(out, facts);
    return out.take();
}

}  // namespace basehttpd
