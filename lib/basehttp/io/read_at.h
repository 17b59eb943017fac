// read_at(): a part of a file into memory.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace basehttp {

/// Bytes of `file` from `offset` that were read into `space`: fewer than it has room for where the file ends or
/// fails.
inline std::size_t read_at(int file, std::uint64_t offset, std::span<char> space) {
    std::size_t got = 0;
    while (got < space.size()) {
        const std::span<char> rest = space.subspan(got);
        const ssize_t some = ::pread(file, rest.data(), rest.size(), static_cast<off_t>(offset + got));
        if (some <= 0) break;
        got += static_cast<std::size_t>(some);
    }
    return got;
}

}  // namespace basehttp
