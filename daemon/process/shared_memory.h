// SharedMemory: a mapping that the master makes and shares with some of its children: it is not inherited by a fork
// unless pass_on() was called for it.
#pragma once

#include <cstddef>

#include "basehttp/io/io_result.h"

namespace basehttpd {

class SharedMemory {
  public:
    /// `size` bytes of zeros. What is never touched costs nothing.
    static basehttp::IoResult<SharedMemory> create(std::size_t size);

    enum class Access : unsigned char { read, write };

    /// The first `size` bytes of a file.
    static basehttp::IoResult<SharedMemory> map(int fd, std::size_t size, Access access);

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
    static basehttp::IoResult<SharedMemory> map(int fd, std::size_t size, int protection, int flags);

    SharedMemory(void* data, std::size_t size) : data_(data), size_(size) {}

    void* data_;
    std::size_t size_;
};

}  // namespace basehttpd
