// StopRequests: how a server is told to stop: by a call from any thread or signal handler, or by a signal. Signals
// are blocked while this exists and are read in the loop. Owned by an HttpServer.
#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <vector>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

/// How a server stops.
enum class Stop : std::uint8_t {
    gracefully,  ///< once the responses under way have ended
    now,
};

class StopRequests {
  public:
    /// Blocks `signals` in the calling thread and those that it starts afterwards. The first stops gracefully, the
    /// second at once. Throws std::system_error if the kernel has no descriptor left.
    explicit StopRequests(const std::vector<int>& signals);

    /// Drops signals that have come and gives the thread its old mask back.
    ~StopRequests();
    StopRequests(const StopRequests&) = delete;
    StopRequests& operator=(const StopRequests&) = delete;

    /// Asks for a stop. Safe in signal handlers (write(2) alone) and in any thread.
    void ask(Stop how) noexcept;

    /// Requests are heard while it lives.
    class Watch {
      public:
        Watch(StopRequests& requests, EventLoop& loop) : requests_(requests), loop_(loop) {}
        ~Watch() { requests_.ignore(loop_); }
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

      private:
        StopRequests& requests_;
        EventLoop& loop_;
    };

    /// Calls `on_stop` in the loop for each request, and for those that came before.
    [[nodiscard]] Watch watch(EventLoop& loop, std::function<void(Stop)> on_stop);

    /// Makes the descriptors this process's own after fork(2).
    void renew();

  private:
    struct Call final : EventTarget {
        explicit Call(StopRequests& owner) : requests(owner) {}
        void on_events(std::uint32_t) override { requests.on_call(); }
        StopRequests& requests;
    };
    struct Signal final : EventTarget {
        explicit Signal(StopRequests& owner) : requests(owner) {}
        void on_events(std::uint32_t) override { requests.on_signal(); }
        StopRequests& requests;
    };

    void ignore(EventLoop& loop);
    void on_call();
    void on_signal();

    sigset_t signals_{};
    sigset_t mask_before_{};
    UniqueFd call_fd_;
    UniqueFd signal_fd_;
    Call call_{*this};
    Signal signal_{*this};
    std::function<void(Stop)> on_stop_;
    std::atomic<bool> now_ = false;
    bool has_signals_ = false;
    bool signalled_ = false;
};

}  // namespace basehttp
