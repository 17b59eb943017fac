// Sockets in the file system that log messages go to: journald's, /dev/log and those like it. Used by outlets.
#pragma once

#include <string>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"

namespace basehttpd {

/// Connects to the socket at `path`, without waiting. `type` is SOCK_DGRAM or SOCK_STREAM.
basehttp::IoResult<basehttp::UniqueFd> connect_unix(const std::string& path, int type);

}  // namespace basehttpd
