#include "daemon/master/status_report.h"

#include <unistd.h>

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "daemon/logs/failure_text.h"
#include "daemon/sandbox/sandbox.h"

namespace basehttpd {
namespace {

// `12 s`, `5 min`, `3 h 12 min`, `2 d 4 h`.
std::string in_words(std::int64_t seconds) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    if (seconds < kMinute) return fmt::format("{} s", seconds);
    if (seconds < kHour) return fmt::format("{} min", seconds / kMinute);
    if (seconds < kDay) return fmt::format("{} h {} min", seconds / kHour, seconds % kHour / kMinute);
    return fmt::format("{} d {} h", seconds / kDay, seconds % kDay / kHour);
}

std::string describe(const SinkReport& sink) {
    if (sink.failing_since_ns == 0) return fmt::format("log {}: good, {} lines lost\n", sink.name, sink.lost);
    const auto since = static_cast<std::time_t>(sink.failing_since_ns / basehttp::kNanosecondsPerSecond);
    std::tm local{};
    ::localtime_r(&since, &local);
    return fmt::format("log {}: failing since {:%Y-%m-%dT%H:%M:%S%z}, {}; {} lines lost, {} bytes wait\n", sink.name,
                       local, failure_text(sink.failure), sink.lost, sink.waiting);
}

Document document_of(const SinkReport& sink) {
    constexpr std::int64_t kSecond = basehttp::kNanosecondsPerSecond;
    Document document = Document::map();
    document.add("name", Document::of_text(sink.name))
        .add("lost", Document::number(sink.lost))
        .add("waiting_bytes", Document::number(sink.waiting));
    if (sink.failing_since_ns == 0) return document;
    return document
        .add("failing_since", Document::number(static_cast<std::uint64_t>(sink.failing_since_ns / kSecond)))
        .add("failure", Document::of_text(failure_text(sink.failure)));
}

}  // namespace

std::string StatusReport::line() const {
    return fmt::format("{}; {}, {}", workers_text(), sources_.traffic.summary(), log_text());
}

Verdict StatusReport::verdict(std::int64_t now_ms) const {
    std::string text = fmt::format("basehttpd {}, pid {}, up {}\n{}\n{}\n{}\n{}", BASEHTTPD_VERSION, ::getpid(),
                                   in_words((now_ms - started_ms_) / 1000), workers_text(),
                                   sources_.traffic.summary(), log_text(), sources_.traffic.table());
    for (const SinkReport& sink : sources_.logger.sinks())
        text += describe(sink);
    for (const SandboxOfRole& each : sandbox_report(sources_.crews.serving().config().sandbox))
        text += fmt::format("sandbox of {}: {}\n", each.role, each.in_force);
    return {0, text + sources_.poison.text(now_ms)};
}

Verdict StatusReport::json(std::int64_t now_ms) const {
    const WorkerCrew& crew = sources_.crews.serving();
    Document status = Document::map();
    status.add("version", Document::of_text(BASEHTTPD_VERSION))
        .add("pid", Document::number(static_cast<std::uint64_t>(::getpid())))
        .add("uptime_seconds", Document::number(static_cast<std::uint64_t>((now_ms - started_ms_) / 1000)))
        .add("listen", Document::row(crew.listeners().addresses()));
    sources_.traffic.add_to(status);
    Document logs = Document::list();
    for (const SinkReport& sink : sources_.logger.sinks())
        logs.items.push_back(document_of(sink));
    Document sandbox = Document::list();
    for (const SandboxOfRole& each : sandbox_report(crew.config().sandbox))
        sandbox.items.push_back(Document::map()
                                    .add("of", Document::of_text(each.role))
                                    .add("in_force", Document::of_text(each.in_force)));
    status.add("log_lines_lost", Document::number(lost_lines()))
        .add("logger_stands_still", Document::truth(sources_.logger.hangs()))
        .add("logs", std::move(logs))
        .add("sandbox", std::move(sandbox))
        .add("quarantine", sources_.poison.document(now_ms))
        .add("last_reload", Document::of_text(last_reload_));
    return {0, to_json(status)};
}

std::string StatusReport::workers_text() const {
    const WorkerCrew& crew = sources_.crews.serving();
    return fmt::format("{} workers on {}", crew.size(), crew.listeners().text());
}

std::uint64_t StatusReport::lost_lines() const {
    std::uint64_t lost = 0;
    for (std::size_t i = 0; i < sources_.scoreboard.size(); ++i)
        lost += sources_.scoreboard.slot(i).ring.lost();
    for (const SinkReport& sink : sources_.logger.sinks())
        lost += sink.lost;
    return lost;
}

std::string StatusReport::log_text() const {
    return fmt::format("{}{} log lines lost{}{}", sources_.logger.hangs() ? "the logger has hung, " : "",
                       lost_lines(), last_reload_.empty() ? "" : "; last reload ", last_reload_);
}

}  // namespace basehttpd
