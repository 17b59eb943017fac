#include "daemon/master/status_report.h"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "daemon/logs/failure_text.h"
#include "daemon/sandbox/sandbox.h"
#include "daemon/status/status_json.h"
#include "daemon/status/status_text.h"

namespace basehttpd {
namespace {

std::int64_t wall_clock_s() {
    return basehttp::wall_clock_ns() / basehttp::kNanosecondsPerSecond;
}

SinkFacts facts_of(const SinkReport& sink) {
    SinkFacts facts;
    facts.name = std::string_view(sink.name);
    facts.lost = sink.lost;
    facts.waiting = sink.waiting;
    facts.failing_since_s = sink.failing_since_ns / basehttp::kNanosecondsPerSecond;
    if (sink.failing_since_ns != 0) facts.failure = std::string_view(failure_text(sink.failure));
    return facts;
}

}  // namespace

StatusReport::StatusReport(Sources sources, std::int64_t started_ms)
    : sources_(sources), started_ms_(started_ms), started_at_s_(wall_clock_s()) {}

void StatusReport::note_reload(const std::string& summary) {
    reloads_.push_front({wall_clock_s(), std::string_view(summary)});
    if (reloads_.size() > StatusFacts::kMostReloads) reloads_.pop_back();
}

std::unique_ptr<StatusFacts> StatusReport::collect(std::int64_t now_ms) const {
    auto facts = std::make_unique<StatusFacts>();
    facts->at_s = wall_clock_s();
    facts->started_s = started_at_s_;
    facts->uptime_s = (now_ms - started_ms_) / 1000;
    facts->pid = ::getpid();
    sources_.traffic.add_to(*facts);
    add_limits(*facts);
    add_logs(*facts);
    for (const ReloadFacts& reload : reloads_)
        facts->reloads.add(reload);
    return facts;
}

void StatusReport::add_limits(StatusFacts& facts) const {
    const Config& config = sources_.crews.serving().config();
    facts.configured_workers = config.workers.count;
    facts.started_workers = sources_.scoreboard.started_workers();
    facts.most_connections = std::uint64_t{config.limits.connections} * config.workers.count;
    facts.most_client_connections = config.limits.connections_per_client;
}

void StatusReport::add_logs(StatusFacts& facts) const {
    for (std::size_t i = 0; i < sources_.scoreboard.size(); ++i)
        facts.lost_lines += sources_.scoreboard.slot(i).ring.lost();
    for (const SinkReport& sink : sources_.logger.sinks()) {
        facts.lost_lines += sink.lost;
        facts.sinks.add(facts_of(sink));
    }
    facts.lost_lines = lost_lines_ = std::max(lost_lines_, facts.lost_lines);
    facts.logger_hangs = sources_.logger.hangs();
}

void StatusReport::publish(std::int64_t now_ms) {
    if (shows_status(sources_.crews.serving().config())) sources_.scoreboard.bulletin().write(*collect(now_ms));
}

std::string StatusReport::line() const {
    const auto facts = collect(started_ms_);
    return fmt::format("{}; {}, {}", workers_text(), traffic_summary(*facts), log_text(*facts));
}

Verdict StatusReport::verdict(std::int64_t now_ms) const {
    const auto facts = collect(now_ms);
    std::string text = fmt::format("basehttpd {}, pid {}, up {}\n{}\n{}\n{}\n{}{}", BASEHTTPD_VERSION, facts->pid,
                                   duration_in_words(facts->uptime_s), workers_text(), traffic_summary(*facts),
                                   log_text(*facts), answers_text(*facts), worker_table(*facts));
    text += site_table(*facts) + sink_lines(*facts);
    for (const SandboxOfRole& each : sandbox_report(sources_.crews.serving().config().sandbox))
        text += fmt::format("sandbox of {}: {}\n", each.role, each.in_force);
    return {0, text + sources_.poison.text(now_ms)};
}

Verdict StatusReport::json(std::int64_t now_ms) const {
    const WorkerCrew& crew = sources_.crews.serving();
    Document status = status_document(*collect(now_ms));
    Document sandbox = Document::list();
    for (const SandboxOfRole& each : sandbox_report(crew.config().sandbox))
        sandbox.items.push_back(Document::map()
                                    .add("of", Document::of_text(each.role))
                                    .add("in_force", Document::of_text(each.in_force)));
    status.add("listen", Document::row(crew.listeners().addresses()))
        .add("sandbox", std::move(sandbox))
        .add("quarantine", sources_.poison.document(now_ms));
    return {0, to_json(status)};
}

std::string StatusReport::workers_text() const {
    const WorkerCrew& crew = sources_.crews.serving();
    return fmt::format("{} workers on {}", crew.size(), crew.listeners().text());
}

std::string StatusReport::log_text(const StatusFacts& facts) {
    const std::string last =
        facts.reloads.size() == 0 ? "" : fmt::format("; last reload {}", facts.reloads.begin()->verdict.view());
    return fmt::format("{}{} log lines lost{}", facts.logger_hangs ? "the logger has hung, " : "", facts.lost_lines,
                       last);
}

}  // namespace basehttpd
