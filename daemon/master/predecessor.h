// Predecessor: the children that this master has from the binary that it took the place of: workers that serve on
// until the new ones accept, then drain; and their logger, which leaves after them, when their rings are empty,
// and then its programs. Owned by the Master, after an upgrade.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <optional>

#include "basehttp/io/unique_fd.h"
#include "basehttp/log/log.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/pipe_program.h"
#include "daemon/master/sd_event.h"

namespace basehttpd {

class Predecessor {
  public:
    /// `on_gone` is called when the last of them has ended. A program that dies before is started again as
    /// `identity`.
    Predecessor(SdEvent& events, basehttp::Log& log, const Inheritance& inherited,
                const std::optional<Identity>& identity, std::function<void()> on_gone);

    /// As those of WorkerCrew.
    void retire(std::chrono::milliseconds timeout);
    void stop(std::chrono::milliseconds timeout);
    void kill();

  private:
    struct Child {
        pid_t pid = 0;
        basehttp::UniqueFd channel;
        EventSource exit_source;
    };

    void watch(std::list<Child>::iterator worker);
    void tell_workers(char order);
    void on_worker_exit(std::list<Child>::iterator worker, ChildExit how);
    void close_idle(std::chrono::milliseconds left);
    void adopt_programs(const Inheritance& inherited, const std::optional<Identity>& identity);
    void end_logger();
    void on_logger_gone();

    SdEvent& events_;
    basehttp::Log& log_;
    std::function<void()> on_gone_;
    std::list<Child> workers_;
    Child logger_;
    std::list<PipeProgram> programs_;
    EventSource timer_;
};

}  // namespace basehttpd
