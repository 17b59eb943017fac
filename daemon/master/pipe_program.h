// PipeProgram: a program that a log's lines are piped to: started, started again when it dies, ended. The master's
// picture of it; owned by LogPrograms, and after an upgrade by the Predecessor.
//
//     running → (dies) → waiting → running → (end(): end of file, later SIGTERM, later SIGKILL) → ended
//
// The pipe stays while programs come and go: what one has not read the next one reads, from the next line on where
// one died within a line. One whose time has come is started once more where the pipe still holds lines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "basehttp/log/log.h"
#include "daemon/logs/log_pipe.h"
#include "daemon/master/sd_event.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

class PipeProgram {
  public:
    struct Command {
        std::string text;  ///< as configured
        std::vector<std::string> words;
        std::optional<Identity> identity;  ///< as whom it runs, where that is somebody else than us
    };

    PipeProgram(SdEvent& events, basehttp::Log& log, Command command, LogPipe pipe)
        : events_(events), log_(log), command_(std::move(command)), pipe_(std::move(pipe)) {}
    PipeProgram(const PipeProgram&) = delete;
    PipeProgram& operator=(const PipeProgram&) = delete;

    void start();

    /// Goes on with one that an earlier binary has started; 0: none runs.
    void adopt(pid_t pid);

    /// No more lines come: it finds the end of its input as soon as no logger has the pipe any more. One that has not
    /// left five seconds later is told to, and then killed. `on_ended` is called when it has gone; it may destroy
    /// this.
    void end(std::function<void()> on_ended);

    pid_t pid() const { return pid_; }
    const Command& command() const { return command_; }
    LogPipe& pipe() { return pipe_; }

  private:
    void start_aligned(unsigned tries);
    void fork_program(std::size_t skip);
    [[noreturn]] void execute(std::size_t skip) const;
    void watch(pid_t pid);
    void on_exit(ChildExit how);
    void tell_death(pid_t pid, ChildExit how);
    void tell_life();
    bool input_has_ended() const;
    void run_out_of_patience();
    void send_signal(int signal) const;
    void finish();

    SdEvent& events_;
    basehttp::Log& log_;
    Command command_;
    LogPipe pipe_;
    std::function<void()> on_ended_;
    pid_t pid_ = 0;
    std::int64_t started_ms_ = 0;
    unsigned young_deaths_ = 0;  // in a row
    bool given_up_ = false;      // it was told to end
    EventSource exit_source_;
    EventSource restart_timer_;
    EventSource life_timer_;
    EventSource end_timer_;
};

}  // namespace basehttpd
