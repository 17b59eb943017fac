#include "daemon/process/shared_memory.h"

#include <sys/mman.h>

#include <utility>

namespace basehttpd {

basehttp::IoResult<SharedMemory> SharedMemory::create(std::size_t size) {
    return map(-1, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE);
}

basehttp::IoResult<SharedMemory> SharedMemory::map(int fd, std::size_t size, Access access) {
    return map(fd, size, access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED | MAP_NORESERVE);
}

basehttp::IoResult<SharedMemory> SharedMemory::map(int fd, std::size_t size, int protection, int flags) {
    void* data = ::mmap(nullptr, size, protection, flags, fd, 0);
    if (data == MAP_FAILED) return basehttp::io_failure("mmap");
    SharedMemory memory(data, size);
    if (auto held = memory.hold_back(); !held) return std::unexpected(held.error());
    return memory;
}

basehttp::IoResult<void> SharedMemory::pass_on() {
    if (::madvise(data_, size_, MADV_DOFORK) < 0) return basehttp::io_failure("madvise");
    return {};
}

basehttp::IoResult<void> SharedMemory::hold_back() {
    if (::madvise(data_, size_, MADV_DONTFORK) < 0) return basehttp::io_failure("madvise");
    return {};
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

SharedMemory::~SharedMemory() {
    if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace basehttpd
