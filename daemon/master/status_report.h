// StatusReport: what the daemon says about itself: the one line that the service manager shows, and the answer to
// `basehttpctl status`. It looks at what others keep, and keeps only what became of the last reload. Owned by the
// Master.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/board/scoreboard.h"
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
        const Scoreboard& scoreboard;
        const Traffic& traffic;
        const PoisonLedger& poison;
    };

    /// `started_ms` and each `now_ms` are of the same clock.
    StatusReport(Sources sources, std::int64_t started_ms) : sources_(sources), started_ms_(started_ms) {}

    /// `applied`, or `refused` and why.
    void note_reload(const std::string& summary) { last_reload_ = summary; }

    /// For the service manager: workers and addresses, traffic, lost log lines, the last reload.
    std::string line() const;

    /// All of it, with a line for each worker, each sink of logs and each request in quarantine.
    Verdict verdict(std::int64_t now_ms) const;

    /// The same as a JSON object.
    Verdict json(std::int64_t now_ms) const;

  private:
    std::string workers_text() const;
    std::string log_text() const;
    std::uint64_t lost_lines() const;

    Sources sources_;
    std::int64_t started_ms_;
    std::string last_reload_;
};

}  // namespace basehttpd
