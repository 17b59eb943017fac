// StatusReport: what the daemon says about itself: the one line that the service manager shows, the answer to
// `basehttpctl status`, and what status pages show. All of it is told from StatusFacts, which it collects from those
// who keep them; itself it keeps only what became of the last reloads. Owned by the Master.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "daemon/board/scoreboard.h"
#include "daemon/board/status_facts.h"
#include "daemon/control/verdict.h"
#include "daemon/master/crews.h"
#include "daemon/master/logger_process.h"
#include "daemon/master/poison_ledger.h"
#include "daemon/master/traffic.h"

namespace basehttpd {

class StatusReport {
  public:
    /// Whom it asks; they outlive it.
    struct Sources {
        const Crews& crews;
        const LoggerProcess& logger;
        Scoreboard& scoreboard;
        const Traffic& traffic;
        const PoisonLedger& poison;
    };

    /// `started_ms` and each `now_ms` are of the same clock.
    StatusReport(Sources sources, std::int64_t started_ms);

    /// `applied`, or `refused` and why.
    void note_reload(const std::string& summary);

    /// Lays the facts out for the workers' status pages, where there are any. Once a second.
    void publish(std::int64_t now_ms);

    /// For the service manager: workers and addresses, traffic, lost log lines, the last reload.
    std::string line() const;

    /// All of it, with a line for each worker, each sink of logs and each request in quarantine.
    Verdict verdict(std::int64_t now_ms) const;

    /// The same as a JSON object.
    Verdict json(std::int64_t now_ms) const;

  private:
    std::unique_ptr<StatusFacts> collect(std::int64_t now_ms) const;
    void add_limits(StatusFacts& facts) const;
    void add_logs(StatusFacts& facts) const;
    std::string workers_text() const;
    static std::string log_text(const StatusFacts& facts);

    Sources sources_;
    std::int64_t started_ms_;
    std::int64_t started_at_s_;
    std::deque<ReloadFacts> reloads_;       // the latest first
    mutable std::uint64_t lost_lines_ = 0;  // the most that were ever counted
};

}  // namespace basehttpd
