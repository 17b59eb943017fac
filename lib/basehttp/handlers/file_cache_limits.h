// FileCacheLimits: how much a FileCache keeps, and for how long. A plain value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace basehttp {

struct FileCacheLimits {
    std::chrono::milliseconds valid{1000};  ///< 0: each request looks; a file just changed: a second at most
    std::size_t entries = 1000;             ///< 0: nothing is kept
    std::uint64_t bytes = 64ULL << 20;      ///< of memory
    std::size_t descriptors = 500;          ///< kept open
};

}  // namespace basehttp
