#include "tests/wire/counting_new.h"

#include <cstdlib>
#include <new>

namespace {

std::size_t count = 0;

}  // namespace

#ifndef __SANITIZE_ADDRESS__  // which has an operator new of its own
void* operator new(std::size_t size) {
    ++count;
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif

std::size_t wire::allocations() {
    return count;
}
