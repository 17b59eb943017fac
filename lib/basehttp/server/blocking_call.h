// BlockingCall: awaitable work for a thread of the pool; its awaiter resumes on the loop's thread. Used by
// RequestHandler::run_blocking().
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>

namespace basehttp {

class EventLoop;
class ThreadPool;

class BlockingCall {
  public:
    BlockingCall(ThreadPool& threads, EventLoop& loop, std::function<void()> work);
    ~BlockingCall();
    BlockingCall(const BlockingCall&) = delete;
    BlockingCall& operator=(const BlockingCall&) = delete;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter);
    void await_resume() const;

  private:
    struct State {
        std::function<void()> work;
        std::exception_ptr failure;
        std::coroutine_handle<> waiter;  // touched on the loop's thread alone
    };

    ThreadPool& threads_;
    EventLoop& loop_;
    std::shared_ptr<State> state_;  // shared with the thread: the frame that waits may be dropped first
};

}  // namespace basehttp
