// PipeProgram: a program that a log's lines are piped to: started, started again when it dies, ended. The master's
// picture of it; owned by LogPrograms, and after an upgrade by the Predecessor.
//
//     running → (dies) → waiting → running → (end(): end of file, later SIGTERM, later SIGKILL) → ended
//
// One that runs as another user and that this process may not signal is left behind where it does not end by itself.
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
#include "daemon/master/child_process.h"
#include "daemon/master/processes.h"
#include "daemon/master/respawn.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

class PipeProgram {
  public:
    struct Command {
        std::string text;  ///< as configured
        std::vector<std::string> words;
        std::optional<Identity> identity;  ///< as whom it runs, where that is somebody else than us
    };

    PipeProgram(Processes& processes, basehttp::Log& log, Command command, LogPipe pipe)
        : processes_(processes),
          log_(log),
          command_(std::move(command)),
          pipe_(std::move(pipe)),
          child_(processes),
          respawn_(processes, [this] { start(); }) {}
    PipeProgram(const PipeProgram&) = delete;
    PipeProgram& operator=(const PipeProgram&) = delete;

    void start();

    /// Goes on with one that an earlier binary has started; 0: none runs.
    void adopt(pid_t pid);

    /// No more lines come: it finds the end of its input as soon as no logger has the pipe any more. One that has not
    /// left five seconds later is told to, and then killed. `on_ended` is called when it has gone; it may destroy
    /// this.
    void end(std::function<void()> on_ended);

    pid_t pid() const { return child_.pid(); }
    const Command& command() const { return command_; }
    LogPipe& pipe() { return pipe_; }

  private:
    void start_aligned(unsigned tries);
    void fork_program(std::size_t skip);
    [[noreturn]] void execute(std::size_t skip) const;
    void on_end(ChildProcess::End end);
    void end_leftovers(pid_t leader);
    void tell_death(ChildProcess::End end);
    void tell_life();
    bool input_has_ended() const;
    void run_out_of_patience();
    void leave_behind();
    void finish();

    Processes& processes_;
    basehttp::Log& log_;
    Command command_;
    LogPipe pipe_;
    std::function<void()> on_ended_;
    bool given_up_ = false;  // it was told to exit
    ChildProcess child_;
    Respawn respawn_;
    EventSource alignment_timer_;
    EventSource life_timer_;
    EventSource end_timer_;
};

}  // namespace basehttpd
