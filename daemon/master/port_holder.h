// Who holds a port: the answer to EADDRINUSE, found in /proc. Used by the master when it cannot bind.
#pragma once

#include <optional>
#include <string>

#include "basehttp/io/socket_address.h"

namespace basehttpd {

/// `nginx (pid 4711)`: a process that listens on the port of `address`. Nothing where it is another user's, which
/// only root may look into, or gone by now.
std::optional<std::string> find_port_holder(const basehttp::SocketAddress& address);

}  // namespace basehttpd
