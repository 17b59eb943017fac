// LogPrograms: the programs that the logs of a plan are piped to, each with its pipe. One that a new plan has too
// goes on without a break; after a reopen each is another one. Owned by the LoggerProcess, in the master.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/logs/log_plan.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/pipe_program.h"

namespace basehttpd {

class LogPrograms {
  public:
    LogPrograms(Processes& processes, basehttp::Log& log) : processes_(processes), log_(log) {}
    LogPrograms(const LogPrograms&) = delete;
    LogPrograms& operator=(const LogPrograms&) = delete;

    /// Makes the pipes that `plan` needs and nobody has yet, so that take_up() cannot fail.
    basehttp::IoResult<void> prepare(const LogPlan& plan, const std::optional<Identity>& identity);

    /// The same for all its programs: the next take_up() starts them anew.
    basehttp::IoResult<void> renew(const LogPlan& plan);

    /// Starts what `plan` has and lacks, and ends what it has no more; no logger runs.
    void take_up(const LogPlan& plan, const std::optional<Identity>& identity);

    void end_all();

    /// Calls `done` when all that were to end have ended.
    void when_ended(std::function<void()> done);

    /// Whether none is about to end.
    bool settled() const { return ending_.empty(); }

    /// The pipe of a sink by its name, null where that is none to a program.
    const LogPipe* find_pipe(const std::string& sink) const;

    /// What a logger needs of all pipes.
    std::vector<int> logger_fds() const;

    /// Around the fork of a logger.
    basehttp::IoResult<void> pass_on();
    basehttp::IoResult<void> hold_back();

    /// Those that another binary shall go on with.
    void hand_over(std::vector<Inheritance::Program>& programs) const;

  private:
    using Program = std::unique_ptr<PipeProgram>;

    void end(Program program);
    void on_ended(std::list<Program>::iterator program);

    Processes& processes_;
    basehttp::Log& log_;
    std::map<std::string, Program> running_;  // by the sink's name
    std::map<std::string, LogPipe> fresh_;    // for those to be started, or started anew
    std::list<Program> ending_;
    std::vector<std::function<void()>> when_ended_;
};

}  // namespace basehttpd
