// Traffic: what the workers have done and do, by the counters in the scoreboard. It looks at them once a second and
// keeps the last few looks, so that it can tell rates. Totals never go back: a slot's counters outlive the worker, a
// worker that takes its own back is not believed, and an upgrade hands over what the master before it has counted.
// Owned by the Master.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "daemon/board/scoreboard.h"
#include "daemon/board/status_facts.h"
#include "daemon/master/inheritance.h"

namespace basehttpd {

class Traffic {
  public:
    using Totals = Inheritance::Counted;

    /// `earlier` is what masters before this one have counted. The scoreboard must outlive it.
    explicit Traffic(const Scoreboard& scoreboard, Totals earlier = {});

    /// Looks at the counters. Once a second; `now_ms` is that of basehttp::monotonic_ms().
    void measure(std::int64_t now_ms);

    Totals totals() const;

    /// Fills in what is known of requests, connections, workers and sites.
    void add_to(StatusFacts& facts) const;

  private:
    // Rates are means over so many seconds.
    static constexpr std::size_t kWindow = 5;

    struct Look {
        std::int64_t at_ms = 0;
        std::uint64_t requests = 0;
        std::uint64_t server_errors = 0;
    };

    // A slot as it was at the last looks, the oldest first.
    struct Slot {
        pid_t pid = 0;
        bool was_used = false;  // memory of one that was not is not touched
        std::int64_t since_ms = 0;
        Look before{};  // what earlier workers of the slot have counted
        std::vector<Look> looks{};
    };

    static Figures read(const WorkerSlot& slot);
    static Rates rates_of(const Slot& slot);
    Figures sum() const;
    SiteFigures sum_of_site(std::size_t number) const;
    WorkerFacts worker(std::size_t index) const;
    void add_sites(StatusFacts& facts) const;

    const Scoreboard& scoreboard_;
    std::vector<Slot> slots_;
    Figures earlier_;
    std::vector<std::pair<std::string, SiteFigures>> earlier_sites_;
    Figures shown_;                                   // the most that was ever counted
    std::vector<SiteFigures> shown_sites_;            // likewise, by number
    std::deque<basehttp::TimeRanges::Counts> times_;  // at the last looks, the oldest first
    std::int64_t now_ms_ = 0;
};

}  // namespace basehttpd
