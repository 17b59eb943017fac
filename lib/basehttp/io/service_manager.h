// What a service manager, such as systemd, gives to a process.
#pragma once

#include <vector>

namespace basehttp {

/// The sockets that were passed to this process (sd_listen_fds(3)), which the caller owns from then on.
std::vector<int> passed_sockets();

}  // namespace basehttp
