// MemoryBound: what a worker can need of memory of its own at most, as a sum of what the limits allow. An upper
// bound, not a forecast: it has every connection at the most expensive point of the most expensive request at once.
// Memory of the kernel for sockets, and files that it caches, come on top.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace basehttpd {

struct MemoryBound {
    struct Part {
        std::uint64_t bytes;
        std::string what;
    };

    std::uint64_t connections;        ///< in a worker, at most
    std::vector<Part> of_connection;  ///< what each of them can need
    std::vector<Part> of_worker;      ///< what all of them share

    static MemoryBound of(const Config& config);

    /// What one connection can need.
    std::uint64_t connection() const;

    /// What one worker can need.
    std::uint64_t worker() const;

    /// Several lines: the sums with their parts.
    std::string text() const;
};

}  // namespace basehttpd
