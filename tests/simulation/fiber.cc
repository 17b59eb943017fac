#include "simulation/fiber.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include <cxxabi.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace simulation {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kStack = std::size_t{1} << 20U;
#else
constexpr std::size_t kStack = std::size_t{256} << 10U;
#endif

std::vector<std::byte*>& spare_stacks() {
    static std::vector<std::byte*> stacks;
    return stacks;
}

std::byte* take_stack() {
    auto& spare = spare_stacks();
    if (!spare.empty()) {
        std::byte* const stack = spare.back();
        spare.pop_back();
        return stack;
    }
    void* const memory = ::mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::byte*>(memory);
}

void give_back_stack(std::byte* stack) {
#ifdef __SANITIZE_ADDRESS__
    // Of a fiber that has not come to its end the frames are still marked.
    __asan_unpoison_memory_region(stack, kStack);
#endif
    spare_stacks().push_back(stack);
}

void begin_switch([[maybe_unused]] void** keep, [[maybe_unused]] const void* stack,
                  [[maybe_unused]] std::size_t size) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(keep, stack, size);
#endif
}

void end_switch([[maybe_unused]] void* kept, [[maybe_unused]] const void** stack,
                [[maybe_unused]] std::size_t* size) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(kept, stack, size);
#endif
}

}  // namespace

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)), stack_(take_stack()) {
    ::getcontext(&own_);
    own_.uc_stack.ss_sp = stack_;
    own_.uc_stack.ss_size = kStack;
    own_.uc_link = nullptr;
    // makecontext(3) passes on numbers of the size of an int alone.
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    ::makecontext(&own_, reinterpret_cast<void (*)()>(&Fiber::enter), 2, static_cast<unsigned>(self >> 32U),
                  static_cast<unsigned>(self));
}

Fiber::~Fiber() {
    give_back_stack(stack_);
}

void Fiber::enter(unsigned high, unsigned low) {
    reinterpret_cast<Fiber*>(std::uintptr_t{high} << 32U | low)->run();
}

void Fiber::run() {
    end_switch(nullptr, &callers_stack_, &callers_stack_size_);
    body_();
    done_ = true;
    suspend();
}

void Fiber::resume() {
    auto* const globals = reinterpret_cast<std::byte*>(__cxxabiv1::__cxa_get_globals());
    std::array<std::byte, 16> callers{};
    std::copy_n(globals, callers.size(), callers.begin());
    std::ranges::copy(exceptions_, globals);
    begin_switch(&callers_fake_stack_, stack_, kStack);
    if (_setjmp(callers_) == 0) {
        if (std::exchange(begun_, true)) _longjmp(here_, 1);
        ::setcontext(&own_);
    }
    end_switch(callers_fake_stack_, nullptr, nullptr);
    std::copy_n(globals, exceptions_.size(), exceptions_.begin());
    std::ranges::copy(callers, globals);
}

void Fiber::suspend() {
    begin_switch(done_ ? nullptr : &fake_stack_, callers_stack_, callers_stack_size_);
    if (_setjmp(here_) == 0) _longjmp(callers_, 1);
    end_switch(fake_stack_, &callers_stack_, &callers_stack_size_);
}

}  // namespace simulation
