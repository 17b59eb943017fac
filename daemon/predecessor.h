// Predecessor: the children that this master has from the binary that it took the place of: workers that serve on
// until the new ones accept, then drain; and their logger, which leaves after them, when their rings are empty. Owned
// by the Master, after an upgrade.
#pragma once

#include <chrono>
#include <functional>
#include <list>

#include "basehttp/io/unique_fd.h"
#include "basehttp/log/log.h"
#include "daemon/inheritance.h"
#include "daemon/sd_event.h"

namespace basehttpd {

class Predecessor {
  public:
    /// `on_gone` is called when the last of them has ended.
    Predecessor(SdEvent& events, basehttp::Log& log, const Inheritance& inherited, std::function<void()> on_gone);

    /// As those of WorkerCrew.
    void retire(std::chrono::milliseconds timeout);
    void stop(std::chrono::milliseconds timeout);
    void kill();

    bool gone() const { return workers_.empty() && logger_.pid == 0; }

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
    void end_logger();

    SdEvent& events_;
    basehttp::Log& log_;
    std::function<void()> on_gone_;
    std::list<Child> workers_;
    Child logger_;
    EventSource timer_;
};

}  // namespace basehttpd
