#include "basehttp/io/service_manager.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace basehttp {

std::vector<int> passed_sockets() {
    constexpr int kFirst = 3;
    const char* const process = std::getenv("LISTEN_PID");
    const char* const count = std::getenv("LISTEN_FDS");
    if (process == nullptr || count == nullptr || std::atoi(process) != ::getpid()) return {};
    std::vector<int> sockets(static_cast<std::size_t>(std::max(std::atoi(count), 0)));
    std::iota(sockets.begin(), sockets.end(), kFirst);
    return sockets;
}

}  // namespace basehttp
