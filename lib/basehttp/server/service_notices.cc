#include "basehttp/server/service_notices.h"

#include <algorithm>

#include <fmt/format.h>

#include "basehttp/io/service_manager.h"

namespace basehttp {

void ServiceNotices::ready(std::string_view status) {
    tell(fmt::format("READY=1\nSTATUS={}", status));
    if (wanted_) tell_alive();
}

void ServiceNotices::stopping(std::chrono::milliseconds longest) {
    tell(fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", std::chrono::microseconds(longest).count()));
}

void ServiceNotices::leave_to_parent() {
    wanted_ = false;
    alive_.cancel();
}

void ServiceNotices::tell(std::string_view state) {
    if (!wanted_) return;
    if (const auto told = notify_service_manager(state); !told)
        log_.error(Severity::warning, "the service manager cannot be told: " + told.error().text());
}

void ServiceNotices::tell_alive() {
    constexpr int kTimesInInterval = 2;
    const auto interval = service_watchdog();
    if (!interval) return;
    tell("WATCHDOG=1");
    loop_.arm(alive_, std::max(*interval / kTimesInInterval, std::chrono::milliseconds(1)));
}

}  // namespace basehttp
