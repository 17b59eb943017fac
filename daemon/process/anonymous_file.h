// anonymous_file(): a file in memory that has no name. Used by the master and the logger.
#pragma once

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"

namespace basehttpd {

/// An empty file, open for reading and writing and closed on exec; `name` shows in /proc. It can be sealed where
/// memfd_create(2) can be had; else, as in old containers, it lies in a temporary folder that journald takes files
/// from.
basehttp::IoResult<basehttp::UniqueFd> anonymous_file(const char* name);

}  // namespace basehttpd
