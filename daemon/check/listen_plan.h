// ListenPlan: the sockets that a configuration's `listen` asks for, names looked up. The start and each reload bind
// them, `basehttpd check` tries them. Master only.
#pragma once

#include <vector>

#include "basehttp/io/socket_address.h"
#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

struct ListenPlan {
    struct Socket {
        basehttp::SocketAddress address;
        ListenConfig config;
        bool optional = false;  ///< a default, or one of several that a name has: left out where the machine lacks it
    };

    std::vector<Socket> sockets;
    /// A name that cannot be looked up is an error. An address that another one covers needs no socket of its own: a
    /// warning.
    std::vector<ConfigError> problems;

    static ListenPlan of(const std::vector<ListenConfig>& listen);
};

}  // namespace basehttpd
