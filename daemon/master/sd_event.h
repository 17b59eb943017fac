// SdEvent: the master's event loop, a thin layer over sd-event(3) that speaks C++: callbacks are functions, sources
// are owned, and no exception passes through C. Runs in the master alone; children drop it unused.
#pragma once

#include <sys/types.h>
#include <systemd/sd-event.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace basehttpd {

/// How a child ended, as waitid(2) tells it.
struct ChildExit {
    bool by_signal = false;
    bool dumped_core = false;
    int value = 0;  ///< the signal, or the exit code

    bool clean() const { return !by_signal && value == 0; }

    /// `exited with 1`, `was killed by SIGSEGV`, `was killed by SIGABRT (core dumped)`.
    std::string text() const;
};

/// A source of events; it delivers nothing once this is gone.
class EventSource {
  public:
    EventSource() = default;

  private:
    friend class SdEvent;
    struct Callback;
    struct Drop {
        void operator()(Callback* callback) const;
    };
    explicit EventSource(std::unique_ptr<Callback, Drop> callback) : callback_(std::move(callback)) {}

    std::unique_ptr<Callback, Drop> callback_;
};

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
    EventSource add(std::unique_ptr<EventSource::Callback, EventSource::Drop> callback, int result);
    std::unique_ptr<EventSource::Callback, EventSource::Drop> make_callback();

    sd_event* event_ = nullptr;
    std::exception_ptr failure_;
};

}  // namespace basehttpd
