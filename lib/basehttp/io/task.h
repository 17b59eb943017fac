// Task<T>: a coroutine that is started by awaiting it and resumes its awaiter when it ends.
//
// A task runs at once, as an ordinary call would, and only if it has to wait does its awaiter suspend too: what
// completes without waiting costs no switch and no stack. Owned by the awaiting frame; dropping a task that waits
// destroys its frame with all that it owns.
//
// A function that seldom has to wait need not be a coroutine, which costs a frame each time. It does what it can and
// returns the value itself, `{}` where there is none; or the task of a coroutine that waits and does the rest.
#pragma once

#include <cassert>
#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
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

/// The value of a task that never was a coroutine.
template <typename T>
struct Value {
    std::optional<T> value{};
    T take() { return std::move(value).value(); }
};

template <>
struct Value<void> {
    void take() const {}
};

}  // namespace task_detail

template <typename T = void>
class [[nodiscard]] Task {
  public:
    using promise_type = task_detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle handle) : handle_(handle) {}

    /// One that has ended, with `value` where there is to be one.
    template <typename U>
    requires(!std::is_void_v<T> && std::convertible_to<U, T>) Task(U&& value) : value_{std::forward<U>(value)} {}
    Task() requires std::is_void_v<T>
    = default;

    Task(Task&& other) noexcept
        : handle_(std::exchange(other.handle_, nullptr)), value_(std::move(other.value_)), started_(other.started_) {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {  // what `T` is need not be assignable
            std::destroy_at(this);
            std::construct_at(this, std::move(other));
        }
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() {
        if (handle_) handle_.destroy();
    }

    /// Runs the coroutine until it waits or ends, for a caller that is not one, or that awaits it later. True: it has
    /// ended.
    bool start() {
        assert(!started_);
        started_ = true;
        if (handle_) handle_.resume();
        return done();
    }

    /// Whether it has ended.
    bool done() const { return !handle_ || handle_.done(); }

    /// What one that has ended returned or threw.
    T result() {
        if (handle_) return handle_.promise().result();
        return value_.take();
    }

    bool await_ready() { return started_ ? done() : start(); }
    void await_suspend(std::coroutine_handle<> awaiter) { handle_.promise().awaiter = awaiter; }
    T await_resume() { return result(); }

  private:
    Handle handle_;  // empty where there is no coroutine
    [[no_unique_address]] task_detail::Value<T> value_;
    bool started_ = false;
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
