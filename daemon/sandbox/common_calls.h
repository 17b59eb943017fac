// What the lists of a worker and of the logger have in common.
#pragma once

#include "daemon/sandbox/call_list.h"

namespace basehttpd {

/// What any process of this program needs: memory, time, threads, connections, its end; and what ends it.
CallList common_calls();

/// Appends what `more` has.
void append(CallList& list, CallList more);

}  // namespace basehttpd
