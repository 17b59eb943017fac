// SdEvent: the master's event loop, a thin layer over sd-event(3) that speaks C++: callbacks are functions, sources
// are owned, and no exception passes through C. Runs in the master alone; children drop it unused.
#pragma once

#include <sys/types.h>
#include <systemd/sd-event.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

#include "daemon/master/child_exit.h"
#include "daemon/master/event_source.h"

namespace basehttpd {

class SdEvent {
  public:
    /// Throws std::system_error.
    SdEvent();
    ~SdEvent();
    SdEvent(const SdEvent&) = delete;
    SdEvent& operator=(const SdEvent&) = delete;

    /// Calls back for each arrival of `signal`, which must be blocked.
    EventSource on_signal(int signal, std::function<void()> function);

    /// Calls back once when `child` has ended; SIGCHLD must be blocked. The child is reaped.
    EventSource on_exit(pid_t child, std::function<void(ChildExit)> function);

    /// Calls back while `fd` has one of epoll's `events`.
    EventSource on_io(int fd, std::uint32_t events, std::function<void(std::uint32_t)> function);

    /// Calls back once, `delay` from now.
    EventSource after(std::chrono::milliseconds delay, std::function<void()> function);

    /// Calls back every `interval`.
    EventSource every(std::chrono::milliseconds interval, std::function<void()> function);

    /// Delivers events until exit(); gives its code. An exception from a callback comes out here.
    int run();

    void exit(int code) { ::sd_event_exit(event_, code); }

  private:
    class Callback;

    EventSource add(std::unique_ptr<Callback> callback, int result);
    std::unique_ptr<Callback> make_callback();

    sd_event* event_ = nullptr;
    std::exception_ptr failure_;
};

}  // namespace basehttpd
