// Fiber: a simulated process's thread of control: a stack of its own in this thread. It runs until it suspends
// itself, and one that is destroyed before its end just never goes on, as a process that was killed: nothing of it is
// unwound.
#pragma once

#include <array>
#include <cstddef>
#include <functional>

#include <setjmp.h>
#include <ucontext.h>

namespace simulation {

class Fiber {
  public:
    explicit Fiber(std::function<void()> body);
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Goes on with it until suspend() or its end. Not from within a fiber.
    void resume();

    /// Goes back to whoever resumed it. From within it.
    void suspend();

    bool done() const { return done_; }

  private:
    static void enter(unsigned high, unsigned low);
    void run();

    std::function<void()> body_;
    std::byte* stack_;
    ucontext_t own_{};  // to begin with: later on both are jumped to, which takes no system call
    jmp_buf here_{};
    jmp_buf callers_{};
    bool begun_ = false;
    // What the C++ runtime keeps for each thread: exceptions that are being handled.
    std::array<std::byte, 16> exceptions_{};
    bool done_ = false;
    void* fake_stack_ = nullptr;  // the address sanitizer's
    void* callers_fake_stack_ = nullptr;
    const void* callers_stack_ = nullptr;
    std::size_t callers_stack_size_ = 0;
};

}  // namespace simulation
