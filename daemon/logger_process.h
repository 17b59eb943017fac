// LoggerProcess: the master's picture of the logger, and its life: started, replaced with other files, replaced when
// it dies, stopped last of all. A logger that takes over goes on in the rings where the one before it stopped, so no
// line is lost between them. Runs in the master.
#pragma once

#include <functional>
#include <optional>

#include "basehttp/log/log.h"
#include "daemon/config.h"
#include "daemon/inheritance.h"
#include "daemon/log_files.h"
#include "daemon/privileges.h"
#include "daemon/scoreboard.h"
#include "daemon/sd_event.h"

namespace basehttpd {

class LoggerProcess {
  public:
    /// `log` is where the master says what became of a logger; the next one writes it.
    LoggerProcess(SdEvent& events, Scoreboard& scoreboard, basehttp::Log& log, int wake_fd)
        : events_(events), scoreboard_(scoreboard), log_(log), wake_fd_(wake_fd) {}
    LoggerProcess(const LoggerProcess&) = delete;
    LoggerProcess& operator=(const LoggerProcess&) = delete;

    /// Lets a logger write to `files` from now on: the first one, or one that replaces the one that runs as soon as
    /// that has written what it has read. After `on_taken_over` the files used before are never written again.
    void use(LogConfig config, LogFiles files, std::optional<Identity> identity,
             std::function<void()> on_taken_over = {});

    /// Lets it write what the rings hold, and leave; one that does not in five seconds, since what it writes to takes
    /// nothing, is killed.
    void stop(std::function<void()> on_stopped);

    /// Ends it now, and a stop() under way with it; what the rings still hold is lost.
    void kill();

    /// Whether one runs that is to stay.
    bool settled() const { return pid_ != 0 && !handing_over_ && !on_stopped_; }

    /// The one that runs, for another binary to go on with.
    Inheritance::Child hand_over() const { return {pid_, channel_.get()}; }

    const LogConfig& config() const { return setup_.config; }
    const std::optional<Identity>& identity() const { return setup_.identity; }

  private:
    struct Setup {
        LogConfig config;
        LogFiles files;
        std::optional<Identity> identity;
    };

    void fork_logger();
    void on_exit(ChildExit how);
    void start_again();

    SdEvent& events_;
    Scoreboard& scoreboard_;
    basehttp::Log& log_;
    int wake_fd_;
    Setup setup_;
    std::function<void()> on_taken_over_;
    std::function<void()> on_stopped_;
    pid_t pid_ = 0;
    std::int64_t started_ms_ = 0;
    bool handing_over_ = false;  // the one that runs was told to make room for another
    bool last_try_ = false;      // one died while it was to stop; the one that runs is the last
    basehttp::UniqueFd channel_;
    EventSource exit_source_;
    EventSource restart_timer_;
    EventSource stop_timer_;
};

}  // namespace basehttpd
