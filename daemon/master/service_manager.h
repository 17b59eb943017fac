// ServiceManager: what the master tells systemd, by sd_notify(3). Without a service manager all of it does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace basehttpd {

class ServiceManager {
  public:
    /// Takes the watchdog's interval from the environment.
    ServiceManager();

    void ready(const std::string& status) const;
    void reloading() const;
    void stopping(const std::string& status) const;
    void status(const std::string& text) const;
    void watchdog() const;

    /// Asks for `time` more before the service manager takes a stop for stuck.
    void extend_timeout(std::chrono::milliseconds time) const;

    /// How often watchdog() must be called at least; nothing where nobody waits for it.
    std::optional<std::chrono::milliseconds> watchdog_interval() const { return watchdog_interval_; }

  private:
    std::optional<std::chrono::milliseconds> watchdog_interval_;
};

}  // namespace basehttpd
