// top: the status every second, in place, until `q`, Ctrl-C or the daemon's end. Where standard output is no
// terminal, one status after the other. Runs in basehttpctl.
#pragma once

#include <string>

#include "daemon/control/verdict.h"

namespace basehttpd {

/// The last verdict: good where the person ended it, else why there was no further status.
Verdict watch_status(const std::string& socket);

}  // namespace basehttpd
