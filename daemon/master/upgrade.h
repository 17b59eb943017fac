// Upgrade: another binary in the place of this one, under the same pid. Owned by the Master.
//
//     idle → request() → checking → (exec) the new binary: adopt() → beside its predecessor → idle
//                                 → refused: idle
//
// idle                    None is under way.
// checking                The binary that stands where this one was started from reads the configuration. If it can
//                         run with it, it is executed, with the listening sockets and the lines to all children.
// beside its predecessor  The new binary has started its own crew. When the first of its workers accepts, the workers
//                         that it was handed drain; their logger follows them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/log/log.h"
#include "daemon/master/control.h"
#include "daemon/master/crews.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/logger_process.h"
#include "daemon/master/predecessor.h"
#include "daemon/master/processes.h"
#include "daemon/master/reload.h"
#include "daemon/master/service_manager.h"
#include "daemon/master/status_report.h"
#include "daemon/master/traffic.h"
#include "daemon/master/upgrade_check.h"
#include "daemon/process/exit_codes.h"

namespace basehttpd {

class Upgrade {
  public:
    /// What it works with; they outlive it.
    struct Parts {
        Processes& processes;
        const Crews& crews;
        LoggerProcess& logger;
        const Reload& reload;
        const Traffic& traffic;
        const StatusReport& status;
        const ServiceManager& service_manager;
        basehttp::Log& log;
    };

    /// Without a `config_file` each request is refused. `on_gone` is called when the last process is gone that an
    /// upgrade has started or left.
    Upgrade(Parts parts, std::string config_file, std::function<void()> on_gone);

    /// `reply` gets the verdict where it is refused; else whoever waits asks the new binary.
    void request(const Reply& reply = {});

    /// The new binary's side: goes on with what it was handed.
    void adopt(const Inheritance& inherited, const std::optional<Identity>& identity);

    /// A worker of the new binary accepts.
    void retire_predecessor();

    /// As those of WorkerCrew; a further request is refused.
    void stop();
    void kill();
    void leave_behind();

    /// Whether no process is left of one.
    bool idle() const { return !check_ && !predecessor_; }

    /// Where a program was, by what /proc/PID/exe says (proc(5)): that marks one whose file was replaced meanwhile.
    static std::string path_of(std::string_view link);

  private:
    static std::string own_binary();
    void on_checked(const UpgradeCheck::Outcome& outcome, const Reply& reply);
    void execute(const Reply& reply);
    Inheritance hand_over() const;
    void start_standby();
    void refuse(const Reply& reply, const std::string& reason, int code = kExitUnavailable);
    std::chrono::milliseconds shutdown_timeout() const { return parts_.crews.serving().config().shutdown_timeout; }

    Parts parts_;
    std::string config_file_;
    std::function<void()> on_gone_;
    std::string binary_ = own_binary();  // where it was at the start: what stands there later is the next version
    std::optional<UpgradeCheck> check_;
    ChildProcess standby_{parts_.processes};  // while the new binary is executed
    std::optional<Predecessor> predecessor_;  // while its children have not ended
    EventSource sweep_;
    bool stopping_ = false;
};

}  // namespace basehttpd
