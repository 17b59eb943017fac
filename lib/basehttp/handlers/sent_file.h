// SentFile: whether an open file that is being sent is still what it was when its first byte was read. Lives in the
// response's coroutine.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>

namespace basehttp {

class SentFile {
  public:
    /// Notes the state of `file`, of which `size` bytes were announced.
    SentFile(int file, std::uint64_t size);

    /// False: it has been cut or written over. One that has only grown, as a log does, is taken to have kept what was
    /// there if the first and the last bytes of that are the same.
    bool intact() const;

  private:
    std::size_t hash_of_ends() const;

    int file_;
    std::uint64_t size_;
    struct stat status_ {};
    std::size_t ends_;
};

}  // namespace basehttp
