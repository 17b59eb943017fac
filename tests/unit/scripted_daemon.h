// ScriptedDaemon: what the master is made of, over scripted processes: crews, logger, traffic, status. The first crew
// has two workers, pids 1001 and 1002; the logger is 1000. A fixture for the tests of reload, upgrade and status.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/master/crews.h"
#include "daemon/master/logger_process.h"
#include "daemon/master/poison_ledger.h"
#include "daemon/master/service_manager.h"
#include "daemon/master/status_report.h"
#include "daemon/master/traffic.h"
#include "unit/scripted_processes.h"
#include "unit/temporary_folder.h"

namespace basehttpd_test {

/// Keeps the messages, a line each.
struct LinesLog final : basehttp::Log {
    void access(const basehttp::AccessRecord&) override {}
    void error(const basehttp::ErrorRecord& record) override { text.append(record.text) += '\n'; }
    bool have(std::string_view part) const { return text.find(part) != std::string::npos; }
    std::string text;
};

/// Writes `basehttpd.yaml` in `folder`: a configuration of one worker and one site that can be loaded, and `more`.
inline void write_config(const TemporaryFolder& folder, const std::string& more = {}) {
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});  // the workers' user serves from it
    const auto list = [&folder](const std::string& file) { return "[{file: " + folder.path(file) + "}]"; };
    folder.write("basehttpd.yaml",
                 "listen: unix:" + folder.path("socket") + "\nsites: [{root: " + folder.make_folder("www") +
                     "}]\nuser: nobody\nworkers: {count: 1, crash_limit: 2}\ncontrol: " + folder.path("control") +
                     "\nlog: {access: " + list("access.log") + ", error: " + list("error.log") + "}\n" + more);
}

struct ScriptedDaemon {
    static constexpr std::size_t kSlots = 5;  ///< for workers

    ScriptedDaemon()
        : logger(processes, scoreboard, basehttpd::LogMemory::create(scoreboard.size()).value(), log, -1),
          crews({processes, scoreboard, log, poison, -1, -1}, first_config(), basehttpd::Listeners{}, std::nullopt) {
        logger.use({});
        crews.start({[this] { ++started; }, [this] { ++crashed; }, [this] { ++gone; }},
                    basehttpd::MissingRoots::refuse);
    }

    static basehttpd::Config first_config() {
        basehttpd::Config config;
        config.workers.count = 2;
        config.workers.crash_limit = 2;
        config.shutdown_timeout = std::chrono::milliseconds(5000);
        return config;
    }

    pid_t last() const { return processes.forked.back(); }
    std::size_t forks() const { return processes.forked.size(); }

    ScriptedProcesses processes;
    LinesLog log;
    basehttpd::Scoreboard scoreboard = basehttpd::Scoreboard::create(kSlots).value();
    basehttpd::PoisonLedger poison{scoreboard.quarantine(), log};
    basehttpd::Traffic traffic{scoreboard};
    basehttpd::ServiceManager service_manager;
    basehttpd::LoggerProcess logger;
    basehttpd::Crews crews;
    basehttpd::StatusReport status{{crews, logger, scoreboard, traffic, poison}, processes.now_ms()};
    unsigned started = 0;
    unsigned crashed = 0;
    unsigned gone = 0;
};

}  // namespace basehttpd_test
