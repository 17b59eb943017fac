#include "daemon/master/service_manager.h"

#include <systemd/sd-daemon.h>

#include <ctime>

#include <fmt/format.h>

namespace basehttpd {
namespace {

// Losing a notification is nothing that the daemon could mend, and systemd's own timeouts tell of it.
void notify(const std::string& text) {
    ::sd_notify(0, text.c_str());
}

}  // namespace

ServiceManager::ServiceManager() {
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) > 0) {
        watchdog_interval_ =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(microseconds));
    }
}

void ServiceManager::ready(const std::string& status) const {
    notify("READY=1\nSTATUS=" + status);
}

void ServiceManager::reloading() const {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000LL + now.tv_nsec / 1000));
}

void ServiceManager::stopping(const std::string& status) const {
    notify("STOPPING=1\nSTATUS=" + status);
}

void ServiceManager::status(const std::string& text) const {
    notify("STATUS=" + text);
}

void ServiceManager::watchdog() const {
    notify("WATCHDOG=1");
}

void ServiceManager::extend_timeout(std::chrono::milliseconds time) const {
    notify(fmt::format("EXTEND_TIMEOUT_USEC={}", std::chrono::microseconds(time).count()));
}

}  // namespace basehttpd
