// Who holds an address: the answer to EADDRINUSE, found in /proc. Used by the master when it cannot bind, and by
// `basehttpd check`.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "basehttp/io/socket_address.h"

namespace basehttpd {

struct PortHolder {
    std::string name;  ///< of its program, as ps(1) has it
    pid_t pid;

    /// `nginx (pid 4711)`.
    std::string text() const;
};

/// A process that listens on the port, or the path, of `address`. Nothing where it is another user's, which only root
/// may look into, or gone by now.
std::optional<PortHolder> find_port_holder(const basehttp::SocketAddress& address);

/// The name of a process, as ps(1) has it; empty where that has ended.
std::string name_of_process(pid_t pid);

/// The parent of a process; 0 where that has ended.
pid_t parent_of_process(pid_t pid);

}  // namespace basehttpd
