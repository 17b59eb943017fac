// linger(): the last thing that happens on a connection whose client may still be sending.
#pragma once

#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"

namespace basehttp {

/// Tells the client that nothing follows and reads on until it finishes or has sent nothing for 2 s, for at most 10 s
/// and 16 MiB: some clients read no answer before they have written all of a large body. Closing with unread
/// bytes makes the kernel send a reset, which can destroy the answer before the client has read it (RFC 9112, 9.6).
Task<> linger(Stream& stream);

}  // namespace basehttp
