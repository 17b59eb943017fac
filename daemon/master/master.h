// Master: the process that the service manager started. It binds, forks, supervises, reloads and stops; it reads no
// byte that a client sent. All of it happens in callbacks of its event loop.
//
// Signals: HUP reload · USR1 reopen logs · USR2 upgrade · TERM, QUIT finish and stop · INT, or a second TERM: stop
// now.
//
// A reload starts a new crew with the new configuration beside the one that serves. When the first of its workers
// accepts, the old crew retires and the logger is replaced; if none ever does, the new crew goes and all stays as it
// was.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/unique_fd.h"
#include "daemon/board/ring_log.h"
#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/master/control.h"
#include "daemon/master/crews.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/log_files.h"
#include "daemon/master/logger_process.h"
#include "daemon/master/poison_ledger.h"
#include "daemon/master/predecessor.h"
#include "daemon/master/resources.h"
#include "daemon/master/sd_event.h"
#include "daemon/master/service_manager.h"
#include "daemon/master/status_report.h"
#include "daemon/master/system_processes.h"
#include "daemon/master/traffic.h"
#include "daemon/master/upgrade_check.h"

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
    void note_refused_calls();
    void start();
    void serve_watchdog();

    void on_started();
    void on_crashed();

    void open_control();
    void on_command(std::string_view command, Reply reply);

    void reload(Reply reply = {});
    void begin_reload(Config config);
    void finish_reload();
    void abandon_reload(const std::string& reason);
    void refuse_reload(int code, const std::string& reason, const std::string& details = {});
    void refuse_reload(int code, const std::vector<ConfigError>& errors);
    void end_reload(const Verdict& verdict, const std::string& summary);

    void reopen_logs(const Reply& reply = {});
    void stop();
    void stop_now();
    void leave_when_alone();
    void leave_behind();
    void leave(int code);

    static std::string own_binary();
    void upgrade(const Reply& reply = {});
    void on_upgrade_checked(const UpgradeCheck::Outcome& outcome, const Reply& reply);
    void refuse_upgrade(const Reply& reply, const std::string& reason);
    Inheritance hand_over() const;
    void adopt_predecessor();

    void tick();
    void reap_orphan();

    // A reload under way: what takes the place of the present when a worker of the new crew accepts.
    struct Reload {
        LogPlan plan;
        LogFiles files;
        std::optional<Identity> identity;
    };

    std::string config_file_;
    SdEvent events_;
    SystemProcesses processes_{events_};
    ServiceManager service_manager_;
    Resources resources_;
    Traffic traffic_;
    RingLog log_;
    PoisonLedger poison_;
    LoggerProcess logger_;
    Crews crews_;
    StatusReport status_;
    std::optional<Reload> reload_;
    std::vector<Reply> reload_replies_;  // who waits for the reload under way
    std::vector<Reply> next_replies_;    // and for the one after it
    bool reload_again_ = false;
    std::unique_ptr<Control> control_;
    std::vector<Reply> stop_replies_;
    std::string binary_ = own_binary();     // where it was at the start: what stands there later is the next version
    std::optional<Inheritance> inherited_;  // from the binary that this one took the place of
    std::optional<Predecessor> predecessor_;  // while its children have not ended
    EventSource sweep_predecessor_;
    std::optional<UpgradeCheck> upgrade_check_;
    bool stopping_ = false;
    bool logger_stopping_ = false;
    unsigned ticks_ = 0;
    pid_t ended_child_ = 0;  // not reaped yet when looked at last
    int exit_code_ = 0;
    std::list<EventSource> sources_;
    EventSource last_timer_;  // when it runs out, the master leaves without those that do not end
};

}  // namespace basehttpd
