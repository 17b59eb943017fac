// SealedMemory: memory of one size for good that one process writes and others read. The master makes it and maps it
// twice, to write and to read; a child gets the second mapping, and the first one only where lend() was called around
// its fork. The second one comes from a descriptor that may only read, so that a child cannot make it writable; and
// being an object of its own, the first one cannot be grown over somebody else's.
#pragma once

#include <cstddef>

#include "basehttp/io/io_result.h"
#include "daemon/process/memory_files.h"
#include "daemon/process/shared_memory.h"

namespace basehttpd {

class SealedMemory {
  public:
    /// What `file` names, of `files`. Its name shows in /proc.
    static basehttp::IoResult<SealedMemory> create(MemoryFiles& files, const MemoryFiles::Wanted& file);

    /// Whether it holds what an earlier instance has left; else it holds zeros.
    bool left() const { return left_; }

    /// To write, in the master and in a child to which it was lent; elsewhere nothing is mapped there.
    std::byte* writable() const { return writable_.data(); }

    /// To read, in the master and all its children, as far as it was not held back.
    std::byte* readable() const { return readable_.data(); }

    /// Lets the children that are forked from now on write, or no longer.
    basehttp::IoResult<void> lend() { return writable_.pass_on(); }
    basehttp::IoResult<void> take_back() { return writable_.hold_back(); }

    /// Keeps the children that are forked from now on from reading, or no longer.
    basehttp::IoResult<void> hide() { return readable_.hold_back(); }
    basehttp::IoResult<void> show() { return readable_.pass_on(); }

  private:
    SealedMemory(SharedMemory writable, SharedMemory readable, bool left)
        : writable_(std::move(writable)), readable_(std::move(readable)), left_(left) {}

    SharedMemory writable_;
    SharedMemory readable_;
    bool left_;
};

}  // namespace basehttpd
