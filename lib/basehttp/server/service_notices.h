// ServiceNotices: what a server tells the service manager while it lives: that it is ready, alive, and about to stop.
// Owned by an HttpServer; in use in the process that called serve_forever().
#pragma once

#include <chrono>
#include <string_view>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/timer.h"
#include "basehttp/log/log.h"

namespace basehttp {

class ServiceNotices {
  public:
    /// `wanted`: whether anything is to be told.
    ServiceNotices(EventLoop& loop, Log& log, bool wanted) : loop_(loop), log_(log), wanted_(wanted) {}

    /// It serves; `status` says what, for people. From now on it says that it is alive, if that is waited for.
    void ready(std::string_view status);

    /// It stops, and is not to be taken for stuck before `longest` is over.
    void stopping(std::chrono::milliseconds longest);

    /// In a worker process: its parent says all there is to say.
    void leave_to_parent();

  private:
    void tell(std::string_view state);
    void tell_alive();

    EventLoop& loop_;
    Log& log_;
    bool wanted_;
    Timer alive_{[this] { tell_alive(); }};
};

}  // namespace basehttp
