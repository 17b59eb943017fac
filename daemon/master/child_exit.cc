#include "daemon/master/child_exit.h"

#include <signal.h>

#include <string_view>

#include <fmt/format.h>
#include <string.h>

namespace basehttpd {

std::string ChildExit::text() const {
    if (!by_signal) return fmt::format("exited with {}", value);
    const char* name = ::sigabbrev_np(value);
    const std::string_view core = dumped_core ? " (core dumped)" : "";
    if (value == SIGSYS) return fmt::format("was killed by SIGSYS (forbidden by its sandbox){}", core);
    return name != nullptr ? fmt::format("was killed by SIG{}{}", name, core)
                           : fmt::format("was killed by signal {}{}", value, core);
}

}  // namespace basehttpd
