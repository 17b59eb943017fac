#include "daemon/master/logger_process.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/monotonic_clock.h"
#include "daemon/config/sink_name.h"
#include "daemon/logger/logger.h"
#include "daemon/process/child.h"
#include "daemon/process/process_title.h"

namespace basehttpd {

using basehttp::Severity;

basehttp::IoResult<void> LoggerProcess::prepare(const LogPlan& plan, const std::optional<Identity>& identity) {
    if (auto made = memory_.make_queues(plan.sink_names()); !made) return made;
    return programs_.prepare(plan, identity);
}

void LoggerProcess::use(LoggerSetup setup) {
    next_ = std::move(setup);
    replace();
}

// The setup that runs stays until its logger has left in order: one that dies in the middle of a write is replaced by
// one with the same files, which finds out how far that write came.
void LoggerProcess::replace() {
    if (pid_ == 0) {
        start_again();
        return;
    }
    if (!std::exchange(handing_over_, true)) send_message(channel_.get(), message::kHandOver);
}

void LoggerProcess::reopen(std::function<void(const std::vector<std::string>&)> on_done) {
    const LoggerSetup& latest = next_ ? *next_ : setup_;
    LogFiles::Reopened opened = latest.files.reopen();
    if (auto renewed = programs_.renew(latest.plan); !renewed)
        opened.problems.push_back("log programs: " + renewed.error().text());
    on_taken_over_.emplace_back([this, on_done = std::move(on_done), problems = std::move(opened.problems)] {
        programs_.when_ended([on_done, problems] { on_done(problems); });
    });
    use({latest.plan, std::move(opened.files), latest.identity});
}

void LoggerProcess::look_after_files() {
    if (!settled() || next_ || !setup_.files.any_deleted()) return;
    LogFiles::Reopened opened = setup_.files.remake();
    const bool first = !std::exchange(told_of_deleted_, !opened.problems.empty());
    for (const std::string& problem : opened.problems) {
        if (first) log_.error(Severity::error, "a log was deleted and cannot be made again: " + problem);
    }
    if (opened.made.empty()) return;
    for (const std::string& path : opened.made)
        log_.error(Severity::warning, "log file " + path + " was deleted; it was made again");
    use({setup_.plan, std::move(opened.files), setup_.identity});
}

void LoggerProcess::stop(std::function<void()> on_stopped) {
    on_stopped_ = std::move(on_stopped);
    stop_logger();
}

void LoggerProcess::stop_logger() {
    constexpr std::chrono::milliseconds kLongest{5000};
    stop_timer_ = events_.after(kLongest, [this] { kill(); });
    if (handing_over_) return;
    if (pid_ == 0) start_again();  // what the rings hold must be written by somebody
    if (pid_ == 0) {
        on_logger_stopped();
        return;
    }
    send_message(channel_.get(), message::kStop);
}

void LoggerProcess::on_logger_stopped() {
    stop_timer_ = {};
    programs_.end_all();
    programs_.when_ended(on_stopped_);
}

void LoggerProcess::kill() {
    last_try_ = true;
    if (pid_ != 0) ::kill(pid_, SIGKILL);
}

void LoggerProcess::start_again() {
    restart_timer_ = {};
    if (next_ && !settling_) take_up_next();
    fork_logger();
    if (pid_ == 0) return;
    if (next_) {
        replace();
        return;
    }
    for (const auto& taken_over : std::exchange(on_taken_over_, {}))
        taken_over();
}

void LoggerProcess::take_up_next() {
    setup_ = std::move(*next_);
    next_.reset();
    // A reopen in the middle of a reload has dropped what was prepared for that.
    prepare(setup_.plan, setup_.identity).value();
    programs_.take_up(setup_.plan, setup_.identity);
    for (const LogMemory::Leftover& left : memory_.keep_queues(setup_.plan.sink_names())) {
        log_.error(Severity::error,
                   fmt::format("{} log lines for {} are lost: it took none, and is configured no more", left.lines,
                               left.sink));
    }
}

void LoggerProcess::fork_logger() {
    constexpr std::chrono::milliseconds kRetry{500};
    auto channel = Channel::create();
    if (!channel) throw std::system_error(channel.error().code, std::generic_category(), "logger: socketpair");
    std::vector<int> keep = setup_.files.fds();
    std::ranges::copy(programs_.logger_fds(), std::back_inserter(keep));
    const LoggerFds fds{wake_fd_, channel->child_end.get()};
    keep.insert(keep.end(), {fds.wake, fds.channel});
    memory_.pass_on().value();
    programs_.pass_on().value();
    const auto pid = fork_child(keep, [this, fds, ends = sink_ends()] {
        set_process_title("logger");
        if (setup_.identity) become(*setup_.identity).value();
        forbid_new_privileges().value();
        return Logger(setup_.plan, ends, scoreboard_, memory_, fds).run();
    });
    memory_.hold_back().value();
    programs_.hold_back().value();
    if (!pid) {
        restart_timer_ = events_.after(kRetry, [this] { start_again(); });
        return;
    }
    pid_ = *pid;
    started_ms_ = basehttp::monotonic_ms();
    channel_ = std::move(channel->master_end);
    exit_source_ = events_.on_exit(pid_, [this](ChildExit how) { on_exit(how); });
}

std::vector<SinkEnds> LoggerProcess::sink_ends() const {
    std::vector<SinkEnds> ends;
    for (std::size_t i = 0; i < setup_.plan.sinks.size(); ++i)
        ends.push_back({setup_.files.fd(i), programs_.find_pipe(sink_name(setup_.plan.sinks[i]))});
    return ends;
}

void LoggerProcess::hand_over(Inheritance& inheritance) const {
    inheritance.logger = {pid_, channel_.get()};
    programs_.hand_over(inheritance.programs);
}

void LoggerProcess::on_exit(ChildExit how) {
    constexpr std::int64_t kYoungMs = 1000;
    constexpr std::chrono::milliseconds kDelay{100};
    const pid_t pid = std::exchange(pid_, 0);
    const bool handed_over = std::exchange(handing_over_, false) && how.clean();
    exit_source_ = {};
    settling_ = !how.clean() && next_ && !settling_;
    if (!how.clean()) {
        log_.error(Severity::error, fmt::format("logger (pid {}) {}; another takes over", pid, how.text()));
    }
    if (on_stopped_) {
        const bool done = (how.clean() && !handed_over) || std::exchange(last_try_, true);
        done ? on_logger_stopped() : stop_logger();
        return;
    }
    const bool died_young = !handed_over && basehttp::monotonic_ms() - started_ms_ < kYoungMs;
    if (died_young) {
        restart_timer_ = events_.after(kDelay, [this] { start_again(); });
    } else {
        start_again();
    }
}

}  // namespace basehttpd
