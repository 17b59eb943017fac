// Daemon: what the program is asked for on behalf of the daemon beyond system calls: which configuration its file
// holds now, and what it says of reloads and on standard error. daemon_calls.cc sends the daemon's calls here.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace simulation {

class Daemon {
  public:
    Daemon() { the_one = this; }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    virtual ~Daemon() { the_one = nullptr; }

    virtual std::expected<basehttpd::Config, std::vector<basehttpd::ConfigError>> read_config() = 0;
    /// What systemd is told, as sd_notify(3) takes it.
    virtual void on_notification(const std::string& text) = 0;
    virtual void on_complaint(const std::string& text) = 0;

    /// Whether a worker that was just forked lives to serve.
    virtual bool worker_can_start() = 0;

    /// How far the rings have come before the first record: near their end, where there is most to be done wrong.
    virtual std::uint64_t first_position() = 0;

    static Daemon* the_one;
};

}  // namespace simulation
