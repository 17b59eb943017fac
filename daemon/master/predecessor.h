// Predecessor: the children that this master has from the binary that it took the place of: workers that serve on
// until the new ones accept, then drain; and their logger, which leaves after them, when their rings are empty,
// and then its programs. Should that logger die, the one that stands by takes over. Owned by the Master, after an
// upgrade.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string_view>

#include "basehttp/log/log.h"
#include "daemon/master/child_process.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/pipe_program.h"
#include "daemon/master/processes.h"

namespace basehttpd {

class Predecessor {
  public:
    /// `on_gone` is called when the last of them has ended. A program that dies before is started again as
    /// `identity`.
    Predecessor(Processes& processes, basehttp::Log& log, const Inheritance& inherited,
                const std::optional<Identity>& identity, std::function<void()> on_gone);

    /// As those of WorkerCrew.
    void retire(std::chrono::milliseconds timeout);
    void stop(std::chrono::milliseconds timeout);
    void kill();
    void leave_behind();

  private:
    void tell_workers(char order);
    void on_worker_end(std::list<ChildProcess>::iterator worker, ChildProcess::End end);
    void close_idle(std::chrono::milliseconds left);
    void adopt_programs(const Inheritance& inherited, const std::optional<Identity>& identity);
    void end_logger();
    void on_logger_end(ChildProcess::End end);
    void on_standby_end(ChildProcess::End end);
    void tell_of_lost_logger(ChildProcess::End end, std::string_view outcome);
    void on_logger_gone();

    Processes& processes_;
    basehttp::Log& log_;
    std::function<void()> on_gone_;
    std::list<ChildProcess> workers_;
    ChildProcess logger_;
    ChildProcess standby_;
    bool standby_writes_ = false;
    std::list<PipeProgram> programs_;
    EventSource timer_;
};

}  // namespace basehttpd
