// LogRoom: where the log can be full, what a connection asks before it logs, and awaits. Made by whoever makes the
// log: a worker has one, an embedder's log needs none.
#pragma once

#include <coroutine>

namespace basehttp {

class LogRoom {
  public:
    /// Hears that there is room.
    class Waiter {
      public:
        virtual void on_room() = 0;

      protected:
        ~Waiter() = default;
    };

    /// Awaitable; lives in the frame that awaits it, and may be dropped with that.
    class Awaiter final : private Waiter {
      public:
        explicit Awaiter(LogRoom& room) : room_(room) {}
        Awaiter(const Awaiter&) = delete;
        Awaiter& operator=(const Awaiter&) = delete;
        ~Awaiter() {
            if (waiting_) room_.forget(*this);
        }

        bool await_ready() const { return room_.has_room(); }
        void await_suspend(std::coroutine_handle<> coroutine) {
            coroutine_ = coroutine;
            waiting_ = true;
            room_.call_when_room(*this);
        }
        void await_resume() const {}

      private:
        void on_room() override {
            waiting_ = false;
            coroutine_.resume();
        }

        LogRoom& room_;
        std::coroutine_handle<> coroutine_;
        bool waiting_ = false;
    };

    /// Whether another access record finds room now. Who logs without asking has the record lost and counted.
    virtual bool has_room() const = 0;

    /// Calls `waiter` once, from the event loop, as soon as there is room, or as it gives up waiting for that; not
    /// where forget() comes first.
    virtual void call_when_room(Waiter& waiter) = 0;
    virtual void forget(Waiter& waiter) = 0;

  protected:
    ~LogRoom() = default;
};

}  // namespace basehttp
