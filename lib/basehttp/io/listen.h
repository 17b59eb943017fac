// Listening sockets: made once at start, by the master or by an embedder's HttpServer.
#pragma once

#include <cstdint>
#include <span>

#include "basehttp/io/io_result.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

/// Whether other sockets may listen on the same port, between which the kernel spreads connections (SO_REUSEPORT).
enum class PortSharing : std::uint8_t { no, yes };

/// A non-blocking socket that is bound to `address` and does not listen yet. IPv6 sockets take IPv6 alone, so that
/// each address is bound once.
IoResult<UniqueFd> bind_to(const SocketAddress& address);

/// One that listens. A unix socket's path is made anew where nobody listens on it any more.
IoResult<UniqueFd> listen_on(const SocketAddress& address, PortSharing sharing = PortSharing::no);

/// The same beside `others`, which are bound to the same port: one to all addresses of a family and one to a single
/// one of them. Until `others` are closed the kernel gives each connection to the one that fits best.
IoResult<UniqueFd> listen_beside(std::span<const int> others, const SocketAddress& address);

/// Whether the path is a socket that nobody listens on, as a process that was killed leaves it behind.
bool is_left_over(const SocketAddress& address);

}  // namespace basehttp
