// OriginSettings: how the servers behind a route are dealt with. A plain value.
#pragma once

#include <chrono>
#include <cstddef>

namespace basehttp {

struct OriginSettings {
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{60'000};  ///< for the origin to take the request, to answer, and between pieces
    std::size_t keep_connections = 16;          ///< in each worker, without a request; 0: none
    unsigned failures = 3;                      ///< so many in a row put it aside; 0: never
    std::chrono::milliseconds retry_after{10'000};  ///< then it is tried again
};

}  // namespace basehttp
