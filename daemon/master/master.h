// Master: the process that the service manager started. It binds, forks, supervises, reloads and stops; it reads no
// byte that a client sent. All of it happens in callbacks of its event loop.
//
// Signals: HUP reload · USR1 reopen logs · USR2 upgrade · TERM, QUIT finish and stop · INT, or a second TERM: stop
// now.
//
// What goes on beside the serving is a class of its own: Reload, Upgrade. This one starts, wires and stops them.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/board/ring_log.h"
#include "daemon/config/config.h"
#include "daemon/master/control.h"
#include "daemon/master/crews.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/logger_process.h"
#include "daemon/master/password_watch.h"
#include "daemon/master/poison_ledger.h"
#include "daemon/master/reload.h"
#include "daemon/master/resources.h"
#include "daemon/master/sd_event.h"
#include "daemon/master/service_manager.h"
#include "daemon/master/status_report.h"
#include "daemon/master/system_processes.h"
#include "daemon/master/traffic.h"
#include "daemon/master/upgrade.h"

namespace basehttpd {

class Master {
  public:
    /// The daemon's life. The exit code; errors before the logs are open go to standard error. `config_file` is what
    /// a reload reads; empty: there is none, and a reload is refused.
    static int run(Config config, const std::string& config_file);

  private:
    Master(Config config, std::string config_file, Resources resources, std::optional<Inheritance> inherited);

    static void complain(const ServiceManager& service_manager, const std::string& text);
    int supervise();
    bool start_logger();
    void watch_signals();
    void note_earlier_instance();
    void note_refused_calls();
    void start();
    void check_heartbeats();
    void serve_watchdog();

    void on_started();
    void on_reloaded();
    void on_crashed();

    void open_control();
    void on_command(std::string_view command, Reply reply);

    void reopen_logs(const Reply& reply = {});
    void stop();
    void stop_now();
    void leave_when_alone();
    void leave_behind();
    void leave(int code);

    void tick();
    void reap_orphan();

    SdEvent events_;
    SystemProcesses processes_{events_};
    ServiceManager service_manager_;
    Resources resources_;
    Traffic traffic_;
    RingLog log_;
    PoisonLedger poison_;
    LoggerProcess logger_;
    Crews crews_;
    PasswordWatch passwords_{crews_, log_};
    StatusReport status_;
    Reload reload_;
    Upgrade upgrade_;
    std::unique_ptr<Control> control_;
    std::vector<Reply> stop_replies_;
    std::optional<Inheritance> inherited_;  // from the binary that this one took the place of
    bool stopping_ = false;
    bool logger_stopping_ = false;
    unsigned ticks_ = 0;
    pid_t ended_child_ = 0;  // not reaped yet when looked at last
    int exit_code_ = 0;
    std::list<EventSource> sources_;
    EventSource last_timer_;  // when it runs out, the master leaves without those that do not end
};

}  // namespace basehttpd
