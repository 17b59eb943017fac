#include "basehttp/server/blocking_call.h"

#include <utility>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/thread_pool.h"

namespace basehttp {

BlockingCall::BlockingCall(ThreadPool& threads, EventLoop& loop, std::function<void()> work)
    : threads_(threads), loop_(loop), state_(std::make_shared<State>()) {
    state_->work = std::move(work);
}

BlockingCall::~BlockingCall() {
    state_->waiter = nullptr;
}

void BlockingCall::await_suspend(std::coroutine_handle<> waiter) {
    state_->waiter = waiter;
    threads_.run([state = state_, &loop = loop_] {
        try {
            state->work();
        } catch (...) {
            state->failure = std::current_exception();
        }
        loop.post([state] {
            if (state->waiter) std::exchange(state->waiter, nullptr).resume();
        });
    });
}

void BlockingCall::await_resume() const {
    if (state_->failure) std::rethrow_exception(state_->failure);
}

}  // namespace basehttp
