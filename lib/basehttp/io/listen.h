// Listening sockets: made once at start, by the master or by an embedder's HttpServer.
#pragma once

#include "basehttp/io/io_result.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

/// A non-blocking socket that listens on `address`. A unix socket's path is made anew where nobody listens on it any
/// more. IPv6 sockets take IPv6 alone, so that each address is bound once.
IoResult<UniqueFd> listen_on(const SocketAddress& address);

}  // namespace basehttp
