// LoggerProcess: the master's picture of the logger, and its life: started, replaced with other files, replaced when
// it dies, stopped last of all but the programs that logs are piped to. A logger that takes over goes on in the rings
// and queues where the one before it stopped, so no line is lost between them. Runs in the master.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "basehttp/log/log.h"
#include "daemon/board/scoreboard.h"
#include "daemon/logs/log_memory.h"
#include "daemon/logs/log_plan.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/log_files.h"
#include "daemon/master/log_programs.h"
#include "daemon/master/sd_event.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

struct SinkEnds;

/// What a logger writes, where, and as whom.
struct LoggerSetup {
    LogPlan plan;
    LogFiles files;
    std::optional<Identity> identity;
};

class LoggerProcess {
  public:
    /// `log` is where the master says what became of a logger; the next one writes it.
    LoggerProcess(SdEvent& events, Scoreboard& scoreboard, LogMemory memory, basehttp::Log& log, int wake_fd)
        : events_(events),
          scoreboard_(scoreboard),
          memory_(std::move(memory)),
          log_(log),
          wake_fd_(wake_fd),
          programs_(events, log) {}
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

    /// Lets it write what the rings hold, and leave; one that does not in five seconds is killed. The programs
    /// follow.
    void stop(std::function<void()> on_stopped);

    /// Ends it now, and a stop() under way with it; what the rings still hold is lost.
    void kill();

    /// Whether one runs that is to stay.
    bool settled() const { return pid_ != 0 && !handing_over_ && !on_stopped_ && programs_.settled(); }

    /// The one that runs and its programs, for another binary to go on with.
    void hand_over(Inheritance& inheritance) const;

    /// How each sink does.
    std::vector<SinkReport> sinks() const { return memory_.reports(); }

    const std::optional<Identity>& identity() const { return setup_.identity; }

  private:
    void replace();
    void stop_logger();
    void on_logger_stopped();
    void take_up_next();
    void fork_logger();
    std::vector<SinkEnds> sink_ends() const;
    void on_exit(ChildExit how);
    void start_again();

    SdEvent& events_;
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
    pid_t pid_ = 0;
    std::int64_t started_ms_ = 0;
    bool handing_over_ = false;  // the one that runs was told to make room for another
    bool settling_ = false;      // one died with `next_` waiting: one more with its files looks after its last write
    bool last_try_ = false;      // one died while it was to stop; the one that runs is the last
    basehttp::UniqueFd channel_;
    EventSource exit_source_;
    EventSource restart_timer_;
    EventSource stop_timer_;
};

}  // namespace basehttpd
