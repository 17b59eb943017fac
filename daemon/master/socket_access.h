// SocketAccess: who may connect to a unix socket, by its file. Used by the master's listeners.
#pragma once

#include <sys/types.h>

#include <string>

#include "basehttp/io/io_result.h"
#include "daemon/config/config.h"

namespace basehttpd {

struct SocketAccess {
    mode_t mode = 0;
    uid_t owner = 0;
    gid_t group = 0;

    /// What the file has.
    static SocketAccess of(const std::string& path);

    /// What `config` asks for; owner and group that it does not name are those of `made`, the socket as it was made.
    /// Names that are unknown are for the check of the configuration, and change nothing.
    static SocketAccess wanted(const ListenConfig& config, const SocketAccess& made);

    /// Gives the file this mode, owner and group.
    basehttp::IoResult<void> give_to(const std::string& path) const;

    bool operator==(const SocketAccess&) const = default;
};

}  // namespace basehttpd
