// What passes between this process and a service manager such as systemd, if it has one: in its environment and
// through a socket, so that no library of the service manager's is needed.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "basehttp/io/io_result.h"

namespace basehttp {

/// The sockets that were passed to this process (sd_listen_fds(3)), which the caller owns from then on.
std::vector<int> passed_sockets();

/// Tells the service manager `state`: lines as sd_notify(3) has them, like `READY=1`. Does nothing without one.
IoResult<void> notify_service_manager(std::string_view state);

/// How often at least this process is to say `WATCHDOG=1` (sd_watchdog_enabled(3)); nothing where nobody waits for
/// it.
std::optional<std::chrono::milliseconds> service_watchdog();

}  // namespace basehttp
