// connect_stream(): a connection to another program, made while others are served.
#pragma once

#include <chrono>
#include <memory>

#include "basehttp/io/socket_address.h"
#include "basehttp/io/socket_stream.h"
#include "basehttp/io/task.h"

namespace basehttp {

/// Connects to `address`; ETIMEDOUT after `timeout`, else what connect(2) says. A unix socket whose queue is full is
/// tried again until then. `client`, which must outlive the call, is whose work the connection is for.
Task<IoResult<std::unique_ptr<SocketStream>>> connect_stream(EventLoop& loop, SocketAddress address,
                                                             std::chrono::milliseconds timeout, const Stream& client);

}  // namespace basehttp
