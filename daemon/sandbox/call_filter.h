// The filter of system calls (seccomp(2)), made from a CallList by libseccomp. Runs in workers and in the logger.
#pragma once

#include <vector>

#include "basehttp/io/io_result.h"
#include "daemon/sandbox/call_list.h"

namespace basehttpd {

/// What becomes of a process that makes a deadly call: it dies of SIGSYS either way.
enum class DeadlyCall : unsigned char {
    kills,    ///< at once
    handled,  ///< after its handler of SIGSYS has named the call, which nothing can take from it
};

/// From now on this process and its threads can make no other calls than those of `list`, and send no signal but to
/// themselves. `untouchable` are sockets that it shares with others, and must not shut down.
basehttp::IoResult<void> filter_calls(const CallList& list, DeadlyCall deadly, const std::vector<int>& untouchable);

/// Whether the kernel has such filters, and nothing refuses them.
bool call_filters_work();

}  // namespace basehttpd
