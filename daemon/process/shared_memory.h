// SharedMemory: memory that outlives a logger: made by the master and shared with each logger, but with no other
// child: it is not inherited by a fork unless pass_on() was called for it.
#pragma once

#include <cstddef>

#include "basehttp/io/io_result.h"

namespace basehttpd {

class SharedMemory {
  public:
    /// `size` bytes of zeros. What is never touched costs nothing.
    static basehttp::IoResult<SharedMemory> create(std::size_t size);

    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory();

    /// Lets the children that are forked from now on have it, until hold_back().
    basehttp::IoResult<void> pass_on();
    basehttp::IoResult<void> hold_back();

    std::byte* data() const { return static_cast<std::byte*>(data_); }

  private:
    SharedMemory(void* data, std::size_t size) : data_(data), size_(size) {}

    void* data_;
    std::size_t size_;
};

}  // namespace basehttpd
