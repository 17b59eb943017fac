// What the master answers to basehttpctl: see master.h and control.h.
#include <unistd.h>

#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "basehttp/io/monotonic_clock.h"
#include "basehttp/io/wall_clock.h"
#include "daemon/logs/failure_text.h"
#include "daemon/master/master.h"
#include "daemon/process/exit_codes.h"

namespace basehttpd {
namespace {

using basehttp::Severity;

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

}  // namespace

// A control socket that cannot be made costs basehttpctl, not the service.
void Master::open_control() {
    const std::string& path = crew_->config().control;
    if (path.empty()) return;
    auto control = Control::open(
        events_, path, [this](std::string_view command, Reply reply) { on_command(command, std::move(reply)); });
    if (control) {
        control_ = std::move(*control);
        return;
    }
    const bool wanted = crew_->config().control_where.line > 0;
    log_.error(wanted ? Severity::error : Severity::info,
               fmt::format("no control socket at {}: {}; basehttpctl cannot reach this daemon", path,
                           control.error().text()));
}

void Master::on_command(std::string_view command, Reply reply) {
    if (command == "status") {
        reply(status());
    } else if (command == "reload") {
        reload(std::move(reply));
    } else if (command == "reopen") {
        reopen_logs(reply);
    } else if (command == "upgrade") {
        upgrade(reply);
    } else if (command == "stop") {
        stop_replies_.push_back(std::move(reply));
        if (!stopping_) stop();
    } else {
        reply({kExitUsage,
               fmt::format("the daemon knows no command '{}'; it is version {}", command, BASEHTTPD_VERSION)});
    }
}

Verdict Master::status() const {
    const std::int64_t seconds = (basehttp::monotonic_ms() - started_ms_) / 1000;
    std::string text =
        fmt::format("basehttpd {}, pid {}, up {}\n{}\n{}\n{}\n{}", BASEHTTPD_VERSION, ::getpid(), in_words(seconds),
                    workers_text(), traffic_.summary(), log_text(), traffic_.table());
    for (const SinkReport& sink : logger_.sinks())
        text += describe(sink);
    return {0, text + poison_.text(basehttp::monotonic_ms())};
}

}  // namespace basehttpd
