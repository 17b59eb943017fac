// Verification: whether a log is whole. Each worker slot numbers what it attempts to log (`serial`, within a `run`),
// lost lines included: a number that is missing is a line that is missing. Filled record by record.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ctl/logs/lines/log_record.h"

namespace basehttpd {

class Verification {
  public:
    /// The lines of one log come next: what comes late shows within one log only.
    void begin_log();

    void add(const LogRecord& record, std::string_view file, std::uint64_t line);
    void add_torn(std::string_view file, std::uint64_t line);

    /// True where nothing is missing, doubled, torn or in the wrong order.
    bool is_good() const { return missing() == 0 && doubled_ == 0 && torn_ == 0 && misplaced_ == 0; }

    bool has_gaps() const { return missing() > 0; }

    std::string text() const;
    std::string json() const;

  private:
    // The serials of one slot in one run that were seen, as ranges: first to last.
    struct Slot {
        std::map<std::int64_t, std::int64_t> seen;
        std::int64_t last = 0;  // of this log
    };
    struct Gap {
        std::string_view run;
        std::int64_t worker;
        std::int64_t first;
        std::int64_t last;
    };

    static bool insert(Slot& slot, std::int64_t serial);
    std::vector<Gap> gaps() const;
    std::uint64_t missing() const;
    std::string unnumbered_text() const;
    std::string gaps_text() const;
    std::string findings_text() const;
    void tell(std::string what, std::string_view file, std::uint64_t line);

    std::map<std::pair<std::string, std::int64_t>, Slot, std::less<>> slots_;
    Slot* last_slot_ = nullptr;
    std::string last_run_;
    std::int64_t last_worker_ = -1;
    std::uint64_t lines_ = 0;
    std::uint64_t numbered_ = 0;
    std::uint64_t doubled_ = 0;
    std::uint64_t torn_ = 0;
    std::uint64_t misplaced_ = 0;
    std::vector<std::string> findings_;
};

}  // namespace basehttpd
