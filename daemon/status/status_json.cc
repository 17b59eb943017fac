#include "daemon/status/status_json.h"

#include <fmt/format.h>

namespace basehttpd {
namespace {

using basehttp::TimeRanges;

Document rate(double per_second) {
    return Document::bare(fmt::format("{:.1f}", per_second));
}

Document of_signed(std::int64_t number) {
    return Document::bare(std::to_string(number));
}

Document responses(const auto& counts) {
    Document document = Document::map();
    document.add("none", Document::number(counts[0]));
    for (std::size_t digit = 1; digit < counts.size(); ++digit)
        document.add(fmt::format("{}xx", digit), Document::number(counts[digit]));
    return document;
}

Document percentiles(const TimeRanges::Counts& times) {
    const auto within = [&times](double fraction) {
        return Document::bare(fmt::format("{:.6f}", TimeRanges::percentile(times, fraction)));
    };
    return Document::map().add("p50", within(0.5)).add("p99", within(0.99)).add("p99.9", within(0.999));
}

Document document_of(const WorkerFacts& worker) {
    return Document::map()
        .add("number", Document::number(worker.number))
        .add("pid", of_signed(worker.pid))
        .add("state", Document::of_text(worker.state))
        .add("age_seconds", of_signed(worker.age_s))
        .add("memory_bytes", Document::number(worker.memory))
        .add("connections", Document::number(worker.connections))
        .add("busy", Document::number(worker.busy))
        .add("requests", Document::number(worker.requests))
        .add("requests_per_second", rate(worker.rates.requests))
        .add("server_errors", Document::number(worker.server_errors));
}

Document document_of(const SinkFacts& sink) {
    Document document = Document::map();
    document.add("name", Document::of_text(sink.name))
        .add("lost", Document::number(sink.lost))
        .add("waiting_bytes", Document::number(sink.waiting));
    if (sink.failing_since_s == 0) return document;
    return document.add("failing_since", of_signed(sink.failing_since_s))
        .add("failure", Document::of_text(sink.failure));
}

Document document_of(const ReloadFacts& reload) {
    return Document::map().add("at", of_signed(reload.at_s)).add("verdict", Document::of_text(reload.verdict));
}

Document document_of(const SiteFacts& site) {
    return Document::map()
        .add("name", Document::of_text(site.name))
        .add("responses", responses(site.figures.responses))
        .add("body_bytes", Document::number(site.figures.body_bytes));
}

Document list_of(const auto& items) {
    Document list = Document::list();
    for (const auto& each : items)
        list.items.push_back(document_of(each));
    return list;
}

}  // namespace

Document status_document(const StatusFacts& facts) {
    const Figures& all = facts.totals;
    const std::string_view last = facts.reloads.size() != 0 ? facts.reloads.begin()->verdict.view() : "";
    Document status = Document::map();
    status.add("version", Document::of_text(BASEHTTPD_VERSION))
        .add("pid", of_signed(facts.pid))
        .add("time", of_signed(facts.at_s))
        .add("uptime_seconds", of_signed(facts.uptime_s))
        .add("connections", Document::number(facts.connections))
        .add("busy", Document::number(facts.busy))
        .add("connections_accepted", Document::number(all.accepted))
        .add("connections_refused", Document::number(all.refused))
        .add("requests", Document::number(all.requests))
        .add("requests_per_second", rate(facts.rates.requests))
        .add("server_errors", Document::number(all.server_errors()))
        .add("server_errors_per_second", rate(facts.rates.server_errors))
        .add("responses", responses(all.responses))
        .add("body_bytes", Document::number(all.body_bytes))
        .add("seconds", percentiles(all.times))
        .add("seconds_recently", percentiles(facts.recent_times))
        .add("limits", Document::map()
                           .add("connections", Document::number(facts.most_connections))
                           .add("connections_per_client", Document::number(facts.most_client_connections)))
        .add("workers_configured", Document::number(facts.configured_workers))
        .add("workers_started", Document::number(facts.started_workers))
        .add("workers", list_of(facts.workers))
        .add("sites", list_of(facts.sites))
        .add("log_lines_lost", Document::number(facts.lost_lines))
        .add("logger_stands_still", Document::truth(facts.logger_hangs))
        .add("logs", list_of(facts.sinks))
        .add("reloads", list_of(facts.reloads))
        .add("last_reload", Document::of_text(last));
    return status;
}

}  // namespace basehttpd
