// Task<T>: a coroutine that is started by awaiting it and resumes its awaiter when it ends.
//
// A task runs at once, as an ordinary call would, and only if it has to wait does its awaiter suspend too: what
// completes without waiting costs no switch and no stack. Owned by the awaiting frame; dropping a task that waits
// destroys its frame with all that it owns.
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "basehttp/io/frame_pool.h"

namespace basehttp {

template <typename T>
class Task;

namespace task_detail {

struct PromiseBase : Pooled {
    std::coroutine_handle<> awaiter;  // set only where the awaiter had to suspend
    std::exception_ptr failure;

    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        template <typename Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
            const std::coroutine_handle<> next = self.promise().awaiter;
            return next ? next : std::noop_coroutine();
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { failure = std::current_exception(); }
    void rethrow_failure() const {
        if (failure) std::rethrow_exception(failure);
    }
};

template <typename T>
struct Promise : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object() noexcept;
    template <typename U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T result() {
        rethrow_failure();
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void result() const { rethrow_failure(); }
};

}  // namespace task_detail

template <typename T = void>
class [[nodiscard]] Task {
  public:
    using promise_type = task_detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle handle) : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() {
        if (handle_) handle_.destroy();
    }

    /// Runs the coroutine until it waits or ends, for a caller that is not a coroutine. True: it has ended.
    bool start() {
        assert(handle_ && !handle_.done());
        handle_.resume();
        return handle_.done();
    }

    bool done() const { return handle_.done(); }

    /// What an ended coroutine returned or threw.
    T result() { return handle_.promise().result(); }

    bool await_ready() { return start(); }
    void await_suspend(std::coroutine_handle<> awaiter) { handle_.promise().awaiter = awaiter; }
    T await_resume() { return result(); }

  private:
    Handle handle_;
};

namespace task_detail {

template <typename T>
Task<T> Promise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace task_detail

}  // namespace basehttp
