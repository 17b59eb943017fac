// What the lists of a worker and of the logger have in common.
#pragma once

#include "daemon/sandbox/call_list.h"

namespace basehttpd {

/// What any process of this program needs: memory, time, threads, its end.
CallList common_calls();

/// What ends any process.
std::vector<CallGroup> deadly_calls();

/// Appends what `more` has.
void append(CallList& list, CallList more);

}  // namespace basehttpd
