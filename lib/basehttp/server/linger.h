// linger(): the last thing that happens on a connection whose client may still be sending.
#pragma once

#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"

namespace basehttp {

/// Tells the client that nothing follows and reads on for a moment, for at most 2 s and 1 MiB. Closing with unread
/// bytes makes the kernel send a reset, which can destroy the answer before the client has read it (RFC 9112, 9.6).
Task<> linger(Stream& stream);

}  // namespace basehttp
