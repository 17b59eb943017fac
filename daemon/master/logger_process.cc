#include "daemon/master/logger_process.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/sink_name.h"
#include "daemon/logger/logger.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/journal_stream.h"
#include "daemon/process/process_title.h"
#include "daemon/process/stop_times.h"
#include "daemon/sandbox/sandbox.h"

namespace basehttpd {

using basehttp::Severity;

namespace {

// Waits for the master's word; the end of the line is one to leave.
bool is_to_take_over(int channel) {
    pollfd line{channel, POLLIN, 0};
    char word = 0;
    while (::poll(&line, 1, -1) >= 0 || errno == EINTR) {
        const ssize_t got = ::recv(channel, &word, 1, MSG_DONTWAIT);
        if (got >= 0) return got == 1 && word == message::kTakeOver;
    }
    return false;
}

}  // namespace

basehttp::IoResult<void> LoggerProcess::prepare(const LogPlan& plan, const std::optional<Identity>& identity) {
    if (auto made = memory_.make_queues(plan.sink_names()); !made) return made;
    return programs_.prepare(plan, identity);
}

void LoggerProcess::use(LoggerSetup setup) {
    next_ = std::move(setup);
    replace();
}

// The setup that runs stays until its logger has left in order.
void LoggerProcess::replace() {
    if (state_ == State::absent) {
        start_again();
    } else if (state_ == State::writing) {
        state_ = State::handing_over;
        child_.tell(message::kHandOver);
    }
}

void LoggerProcess::reopen(std::function<void(const std::vector<std::string>&)> on_done) {
    const LoggerSetup& latest = next_ ? *next_ : setup_;
    LogFiles::Reopened opened = latest.files.reopen();
    if (auto renewed = programs_.renew(latest.plan); !renewed)
        opened.problems.push_back("log programs: " + renewed.error().text());
    on_taken_over_.emplace_back([this, on_done = std::move(on_done), problems = std::move(opened.problems)] {
        programs_.when_ended([on_done, problems] { on_done(problems); });
    });
    use({latest.plan, std::move(opened.files), latest.identity, latest.sandbox});
}

void LoggerProcess::look_after_files() {
    if (!settled() || next_ || !setup_.files.any_deleted()) return;
    LogFiles::Reopened opened = setup_.files.remake();
    const bool first = !std::exchange(told_of_deleted_, !opened.problems.empty());
    for (const std::string& problem : opened.problems) {
        if (first) log_.error(Severity::error, "a log was deleted and cannot be re-created: " + problem);
    }
    if (opened.made.empty()) return;
    for (const std::string& path : opened.made)
        log_.error(Severity::warning, "log file " + path + " was deleted and has been re-created");
    use({setup_.plan, std::move(opened.files), setup_.identity, setup_.sandbox});
}

bool LoggerProcess::check_heartbeat(std::chrono::milliseconds longest_silence) {
    constexpr std::int64_t kLateMs = 1000;
    const std::int64_t now = processes_.now_ms();
    // Where this process stood still itself, the whole machine or container may have.
    const bool late = now - std::exchange(last_look_ms_, now) >= kLateMs;
    const std::uint32_t beats = memory_.progress().beats();
    const bool beaten = std::exchange(beats_, beats) != beats;
    if (late || beaten || !has_work()) alive_ms_ = now;
    if (longest_silence.count() == 0 || hung_ || now - alive_ms_ <= longest_silence.count()) return false;
    end_hung(longest_silence);
    return true;
}

// One that has read all sleeps, and gives no sign of life. One that finishes has its time for that.
bool LoggerProcess::has_work() const {
    return state_ == State::writing ? !rings_are_empty() : state_ == State::handing_over;
}

bool LoggerProcess::rings_are_empty() const {
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
        const basehttp::LogRing& ring = scoreboard_.slot(slot).ring;
        if (ring.written() != ring.released()) return false;
    }
    return true;
}

// Two must not write at the same time: another is started when this one has ended.
void LoggerProcess::end_hung(std::chrono::milliseconds longest_silence) {
    hung_ = true;
    const auto killed = child_.kill();
    const std::string text =
        fmt::format("the logger (pid {}) has hung for longer than workers.watchdog ({} ms) and {}", child_.pid(),
                    longest_silence.count(),
                    killed ? "is killed" : "cannot be killed: " + killed.error().text() + "; it is told to exit");
    complain(Severity::error, "basehttpd: " + text);  // now; the log has it once there is another logger
    log_.error(Severity::error, text);
}

void LoggerProcess::stop(std::function<void()> on_stopped) {
    on_stopped_ = std::move(on_stopped);
    stop_logger();
}

void LoggerProcess::stop_logger() {
    stop_timer_ = processes_.after(kLoggerPatience, [this] { run_out_of_patience(); });
    if (state_ == State::absent) start_again();  // what the rings hold must be written by somebody
    if (state_ == State::absent) {
        on_logger_stopped();
    } else if (state_ == State::writing) {
        state_ = State::finishing;
        child_.tell(message::kStop);
    }
}

void LoggerProcess::on_logger_stopped() {
    stop_timer_ = {};
    respawn_.cancel();
    if (rings_are_empty()) memory_.forget();
    programs_.end_all();
    programs_.when_ended(on_stopped_);
}

// What the rings still hold is lost.
void LoggerProcess::run_out_of_patience() {
    last_try_ = true;
    if (auto killed = child_.kill(); !killed) {
        complain(Severity::error,
                 fmt::format("basehttpd: the logger (pid {}) has not finished and was told to exit: {}", child_.pid(),
                             killed.error().text()));
    }
    stop_timer_ = processes_.after(kLastPatience, [this] { leave_behind(); });
}

void LoggerProcess::leave_behind() {
    complain(Severity::error,
             fmt::format("basehttpd: the logger (pid {}) does not exit and is left running", child_.pid()));
    child_.forget();
    on_logger_stopped();
}

void LoggerProcess::start_again() {
    respawn_.cancel();
    if (next_ && !unsettled_) take_up_next();
    if (!fork_logger()) return;
    settles_ = std::exchange(unsettled_, false);
    state_ = State::writing;
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
                   fmt::format("{} log lines for {} are lost: it accepted none and is no longer configured",
                               left.lines, left.sink));
    }
}

// False: the system refuses a process or a descriptor; it is tried again.
bool LoggerProcess::fork_logger() {
    const auto forked = fork_with_memory(
        child_, [this, ends = sink_ends()](int channel) { return run_logger(ends, channel); },
        [this](ChildProcess::End end) { on_end(end); });
    if (forked) {
        respawn_.started();
        hung_ = false;
        alive_ms_ = processes_.now_ms();
    } else if (respawn_.retry()) {
        const std::string text = "cannot start a logger: " + forked.error().text() + "; trying again every 500 ms";
        complain(Severity::error, "basehttpd: " + text);  // now; the log has it once there is a logger
        log_.error(Severity::error, text);
    }
    return forked.has_value();
}

basehttp::IoResult<void> LoggerProcess::start_standby(ChildProcess& standby) {
    const auto body = [this, ends = sink_ends()](int channel) { return run_logger(ends, channel, true); };
    return fork_with_memory(standby, body, [](ChildProcess::End) {});
}

basehttp::IoResult<void> LoggerProcess::fork_with_memory(ChildProcess& child,
                                                         const std::function<int(int channel)>& body,
                                                         ChildProcess::OnEnd on_end) {
    std::vector<int> keep = setup_.files.fds();
    std::ranges::copy(programs_.logger_fds(), std::back_inserter(keep));
    keep.push_back(wake_fd_);
    memory_.pass_on().value();
    scoreboard_.lend_to_logger().value();
    programs_.pass_on().value();
    const auto forked = child.start(std::move(keep), body, std::move(on_end));
    memory_.hold_back().value();
    scoreboard_.take_back_from_logger().value();
    programs_.hold_back().value();
    return forked;
}

int LoggerProcess::run_logger(const std::vector<SinkEnds>& ends, int channel, bool stands_by) {
    scoreboard_.become_logger();
    set_process_title(stands_by ? "standby" : "logger");
    give_up_privileges(setup_.identity).value();
    if (stands_by && !is_to_take_over(channel)) return EXIT_SUCCESS;
    set_process_title("logger");
    Logger logger(setup_.plan, ends, scoreboard_, memory_, {wake_fd_, channel});
    const auto problems = enter_sandbox(setup_.sandbox, {Role::logger});
    for (const std::string& problem : problems)
        complain(Severity::error, "basehttpd: logger: " + problem);
    if (!problems.empty() && setup_.sandbox == SandboxMode::required) return kExitUnavailable;
    return logger.run();
}

std::vector<SinkEnds> LoggerProcess::sink_ends() const {
    std::vector<SinkEnds> ends;
    for (std::size_t i = 0; i < setup_.plan.sinks.size(); ++i)
        ends.push_back({setup_.files.fd(i), programs_.find_pipe(sink_name(setup_.plan.sinks[i]))});
    return ends;
}

void LoggerProcess::hand_over(Inheritance& inheritance) const {
    inheritance.logger = {child_.pid(), child_.channel()};
    programs_.hand_over(inheritance.programs);
}

void LoggerProcess::on_end(ChildProcess::End end) {
    const State before = std::exchange(state_, State::absent);
    const bool obeyed = end.how.clean() && before != State::writing;
    unsettled_ = !end.how.clean() && !(settles_ && end.young);
    if (!end.how.clean()) {
        log_.error(Severity::error, fmt::format("logger (pid {}) {}; another takes over", end.pid, end.how.text()));
    }
    if (on_stopped_) {
        const bool done = end.how.clean() ? before == State::finishing : std::exchange(last_try_, true);
        done ? on_logger_stopped() : stop_logger();
        return;
    }
    respawn_.count(end.young && !obeyed);
    respawn_.delay().count() > 0 ? respawn_.schedule() : start_again();
}

}  // namespace basehttpd
