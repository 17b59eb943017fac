// Traffic: what the workers have done and do, by the counters in the scoreboard. It looks at them once a second and
// keeps the last few looks, so that it can tell rates. Totals never go back: a slot's counters outlive the worker,
// and an upgrade hands over what the master before it has counted. Owned by the Master.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/board/scoreboard.h"
#include "daemon/config/document.h"
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

    /// `12 connections, 3 busy, 1234 requests (56.0/s), 2 answered 5xx (0.0/s)`, and how many connections were
    /// refused, if any.
    std::string summary() const;

    /// A line for each worker below a line of titles, none wider than 80 columns; empty where there is none.
    std::string table() const;

    /// The same as a document's entries: totals, rates, and `workers`, a list.
    void add_to(Document& status) const;

  private:
    // Rates are means over so many seconds.
    static constexpr std::size_t kWindow = 5;

    struct Look {
        std::int64_t at_ms = 0;
        Totals counted{};
    };

    // A slot as it was at the last looks, the oldest first.
    struct Slot {
        pid_t pid = 0;
        Totals before{};  // what earlier workers of the slot have counted
        std::vector<Look> looks{};
    };

    struct Rates {
        double requests = 0;
        double server_errors = 0;
    };

    // All workers together.
    struct Sum {
        std::uint64_t connections = 0;
        std::uint64_t busy = 0;
        Rates rates{};
        Totals totals{};
    };

    // A worker as it is shown.
    struct Row {
        std::size_t number;
        pid_t pid;
        std::string_view state;
        std::uint64_t connections;
        std::uint64_t busy;
        Totals own;  // since it started
        Rates rates;
    };

    static Totals read(const WorkerSlot& slot);
    static Rates rates_of(const Slot& slot);
    Sum sum() const;
    Row row(std::size_t index) const;
    std::vector<Row> rows() const;

    const Scoreboard& scoreboard_;
    Totals earlier_;
    std::vector<Slot> slots_;
};

}  // namespace basehttpd
