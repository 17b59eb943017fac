// LoggerProcess: the master's picture of the logger, and its life: started, replaced with other files, replaced when
// it dies, stopped last of all but the programs that logs are piped to. A logger that takes over goes on in the rings
// and queues where the one before it stopped, so no line is lost between them. Runs in the master.
//
//     absent → writing → handing over → absent → writing with the next setup
//                     → finishing → absent; the programs follow
//
// absent        None runs, because none was started, because the last one has ended, or because the system had no
// room
//               for another. One is started at once or after a pause, with the next setup where there is one.
// writing       One runs that is to stay.
// handing over  One runs that was told to leave, since there is a next setup. One that obeys has left no write
// undone. finishing     One runs that was told to write what the rings hold and leave, since the daemon stops.
//
// One that has something to do and stands still is killed, whatever stopped it, and its successor writes what waits.
//
// One may die in any state. Its last write may be half done, and only a logger with the same files can find out how
// far it came: so its successor has the same setup, even where a next one waits, and hands over at once. Should that
// one die young as well, the files are given up for the next setup. While the daemon stops, the second one that dies
// is the last.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "basehttp/log/log.h"
#include "daemon/board/scoreboard.h"
#include "daemon/logs/log_memory.h"
#include "daemon/logs/log_plan.h"
#include "daemon/master/child_process.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/log_files.h"
#include "daemon/master/log_programs.h"
#include "daemon/master/processes.h"
#include "daemon/master/respawn.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

struct SinkEnds;

/// What a logger writes, where, and as whom.
struct LoggerSetup {
    LogPlan plan;
    LogFiles files;
    std::optional<Identity> identity;
    SandboxMode sandbox;
};

class LoggerProcess {
  public:
    /// `log` is where the master says what became of a logger; the next one writes it.
    LoggerProcess(Processes& processes, Scoreboard& scoreboard, LogMemory memory, basehttp::Log& log, int wake_fd)
        : processes_(processes),
          scoreboard_(scoreboard),
          memory_(std::move(memory)),
          log_(log),
          wake_fd_(wake_fd),
          programs_(processes, log),
          child_(processes),
          respawn_(
              processes, [this] { start_again(); }, kLongestPause) {}
    LoggerProcess(const LoggerProcess&) = delete;
    LoggerProcess& operator=(const LoggerProcess&) = delete;

    /// Makes what the sinks of `plan` need, so that use() cannot fail.
    basehttp::IoResult<void> prepare(const LogPlan& plan, const std::optional<Identity>& identity);

    /// Lets a logger work with `setup` from now on: the first one, or one that replaces the one that runs as soon as
    /// that has written what it has read.
    void use(LoggerSetup setup);

    /// Opens all files anew and starts other programs. `on_done` gets what went wrong, a sentence each, when a new
    /// logger writes and the programs before have ended: the files used before are never written again but those
    /// named there.
    void reopen(std::function<void(const std::vector<std::string>&)> on_done);

    /// Makes the files again that somebody has deleted. Once a second.
    void look_after_files();

    /// Kills one that has something to do and has given no sign of life for longer than `longest_silence` (0: never);
    /// another takes over. True: it has just been killed. Four times a second.
    bool check_heartbeat(std::chrono::milliseconds longest_silence);

    /// Whether one stands still and has not ended although it was killed, as in a write to a disk that does not
    /// answer.
    bool hangs() const { return hung_; }

    /// Lets it write what the rings hold, and leave; one that does not in kLoggerPatience is killed. The programs
    /// follow.
    void stop(std::function<void()> on_stopped);

    /// Whether one runs that is to stay.
    bool settled() const { return state_ == State::writing && programs_.settled(); }

    /// Starts as `standby` a logger that waits for message::kTakeOver, and leaves at any other word.
    basehttp::IoResult<void> start_standby(ChildProcess& standby);

    /// The one that runs and its programs, for another binary to go on with.
    void hand_over(Inheritance& inheritance) const;

    /// How each sink does.
    std::vector<SinkReport> sinks() const { return memory_.reports(); }

    const std::optional<Identity>& identity() const { return setup_.identity; }

  private:
    enum class State : unsigned char { absent, writing, handing_over, finishing };

    // Nobody else writes logs, and rings fill up meanwhile.
    static constexpr std::chrono::milliseconds kLongestPause{100};

    void replace();
    void stop_logger();
    void on_logger_stopped();
    void take_up_next();
    bool fork_logger();
    basehttp::IoResult<void> fork_with_memory(ChildProcess& child, const std::function<int(int channel)>& body,
                                              ChildProcess::OnEnd on_end);
    int run_logger(const std::vector<SinkEnds>& ends, int channel, bool stands_by = false);
    std::vector<SinkEnds> sink_ends() const;
    void on_end(ChildProcess::End end);
    bool has_work() const;
    bool rings_are_empty() const;
    void end_hung(std::chrono::milliseconds longest_silence);
    void start_again();
    void run_out_of_patience();
    void leave_behind();

    Processes& processes_;
    Scoreboard& scoreboard_;
    LogMemory memory_;
    basehttp::Log& log_;
    int wake_fd_;
    LogPrograms programs_;
    LoggerSetup setup_;                // of the one that runs
    std::optional<LoggerSetup> next_;  // of the one to come
    std::vector<std::function<void()>> on_taken_over_;
    std::function<void()> on_stopped_;
    bool told_of_deleted_ = false;  // that a deleted file cannot be made again
    State state_ = State::absent;
    bool unsettled_ = false;  // the last one died: how far its last write came is to be found out
    bool settles_ = false;    // the one that runs finds that out
    bool last_try_ = false;   // one died while the daemon stops: the next one is the last
    bool hung_ = false;       // the one that runs was killed since it stands still
    std::uint32_t beats_ = 0;
    std::int64_t alive_ms_ = 0;      // when it was seen to work, or to have nothing to do
    std::int64_t last_look_ms_ = 0;  // at the beats
    ChildProcess child_;
    Respawn respawn_;
    EventSource stop_timer_;
};

}  // namespace basehttpd
