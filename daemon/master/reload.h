// Reload: the change to another configuration while the daemon serves. Owned by the Master.
//
//     idle → request(): the file is read and checked, addresses are bound, logs opened → trying → idle
//
// idle    Nothing is under way.
// trying  A crew with the new configuration starts beside the one that serves. When the first of its workers accepts,
//         it takes over: the crew before drains, and a logger with the new logs takes the place of the one that runs.
//         If the crew gives up, or the daemon stops, it goes and all stays as it was.
//
// A request that comes while one is tried is answered by a further reload after it: the file may have changed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "basehttp/log/log.h"
#include "daemon/config/config.h"
#include "daemon/config/config_error.h"
#include "daemon/master/control.h"
#include "daemon/master/crews.h"
#include "daemon/master/logger_process.h"
#include "daemon/master/service_manager.h"
#include "daemon/master/status_report.h"

namespace basehttpd {

class Reload {
  public:
    /// What it works with; they outlive it.
    struct Parts {
        Crews& crews;
        LoggerProcess& logger;
        StatusReport& status;
        const ServiceManager& service_manager;
        basehttp::Log& log;
    };

    /// Without a `config_file` each request is refused. `on_applied` is called when another configuration serves.
    Reload(Parts parts, std::string config_file, std::function<void()> on_applied)
        : parts_(parts), config_file_(std::move(config_file)), on_applied_(std::move(on_applied)) {}

    /// `reply` gets the verdict, now or when it is known.
    void request(Reply reply = {});

    bool under_way() const { return next_logs_.has_value(); }

    /// The logs have been renamed: those that it has opened are opened anew.
    void reopen_logs();

    /// The daemon stops: what is under way is refused, and so is each further request.
    void stop();

  private:
    void read_file();
    void start(Config config);
    void finish();
    void abandon(const std::string& reason);
    void refuse(int code, const std::string& reason, const std::string& details = {});
    void refuse(int code, const std::vector<ConfigError>& errors);
    void end(const Verdict& verdict, const std::string& summary);

    Parts parts_;
    std::string config_file_;
    std::function<void()> on_applied_;
    std::optional<LoggerSetup> next_logs_;  // while one is tried
    std::vector<Reply> replies_;            // who waits for it
    std::vector<Reply> next_replies_;       // and for the one after it
    bool again_ = false;
    bool stopping_ = false;
};

}  // namespace basehttpd
