// Sandbox: what a process can no longer do once it is set up, whatever its code has become: each concern has a file
// of its own in this room. A worker and the logger enter it after they have opened what they need, and before the
// first byte of a client. Rights that no process needs from the start on are given up in process/privileges.h,
// whatever the configuration says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "basehttp/io/socket_address.h"
#include "daemon/config/config.h"

namespace basehttpd {

enum class Role : unsigned char { worker, logger };

/// What a process of the role goes on with.
struct Confinement {
    Role role;
    std::vector<int> listeners{};                  ///< descriptors of sockets that it shares with others
    std::vector<std::string> readable{};           ///< folders that a worker serves
    std::vector<basehttp::SocketAddress> peers{};  ///< servers that a worker passes requests on to
};

/// For this process, for good. A sentence for each part that could not be had; where the sandbox is required, the
/// process must not go on with any.
std::vector<std::string> enter_sandbox(SandboxMode mode, const Confinement& confinement);

/// Why the daemon cannot start, or go on, in this mode here; nothing: it can.
std::optional<std::string> sandbox_refusal(SandboxMode mode);

struct SandboxOfRole {
    std::string_view role;
    std::string in_force;
};

/// What is in force here in this mode, for each role.
std::vector<SandboxOfRole> sandbox_report(SandboxMode mode);

/// What to tell at the start: what the sandbox lacks, or that it is off; empty: all is in force.
std::string sandbox_remark(SandboxMode mode);

}  // namespace basehttpd
