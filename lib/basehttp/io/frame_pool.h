// FramePool: where coroutine frames and handlers come from. A process makes and drops several for each request, all
// of a few sizes; so freed blocks wait in a list for each size instead of going back to malloc. One pool a thread.
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <utility>

namespace basehttp {

class FramePool {
  public:
    static void* allocate(std::size_t size) {
        const std::size_t index = list_index(size);
        if (index >= kLists) return ::operator new(size);
        Block*& list = lists_[index];
        if (list == nullptr) return ::operator new((index + 1) * kStep);
        return std::exchange(list, list->next);
    }

    static void release(void* memory, std::size_t size) noexcept {
        const std::size_t index = list_index(size);
        if (index >= kLists) {
            ::operator delete(memory);
            return;
        }
        lists_[index] = new (memory) Block{lists_[index]};
    }

    /// Frees the blocks that wait.
    static void drop_spare() noexcept {
        for (Block*& list : lists_) {
            while (list != nullptr)
                ::operator delete(std::exchange(list, list->next));
        }
    }

  private:
    struct Block {
        Block* next;
    };

#ifdef __SANITIZE_ADDRESS__
    static constexpr std::size_t kLists = 0;  // so that each use after release is seen
#else
    static constexpr std::size_t kLists = 32;
#endif
    static constexpr std::size_t kStep = 64;

    static constexpr std::size_t list_index(std::size_t size) {
        return (size - 1) / kStep;
    }

    // Trivially destroyed, so that an access costs no guard; what waits in it at exit goes with the process.
    static constinit inline thread_local std::array<Block*, kLists> lists_{};
};

/// Base of classes whose objects come from the pool.
struct Pooled {
    static void* operator new(std::size_t size) { return FramePool::allocate(size); }
    static void operator delete(void* memory, std::size_t size) noexcept { FramePool::release(memory, size); }
};

}  // namespace basehttp
