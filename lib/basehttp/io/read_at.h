// read_at(): a part of a file into memory.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "basehttp/io/io_result.h"

namespace basehttp {

/// Reads `space.size()` bytes of `file` from `offset`. ESTALE: the file ends before that.
inline IoResult<void> read_at(int file, std::uint64_t offset, std::span<char> space) {
    while (!space.empty()) {
        const ssize_t some = ::pread(file, space.data(), space.size(), static_cast<off_t>(offset));
        if (some < 0 && errno == EINTR) continue;
        if (some < 0) return io_failure("pread");
        if (some == 0) return std::unexpected(IoError{ESTALE, "pread"});
        space = space.subspan(static_cast<std::size_t>(some));
        offset += static_cast<std::uint64_t>(some);
    }
    return {};
}

}  // namespace basehttp
