// RecordIntake: takes the records of all rings in order of their completion. Owned by the logger. What it has taken
// stays in the rings until the logger releases it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "basehttp/log/log_ring.h"
#include "daemon/board/scoreboard.h"
#include "daemon/logs/log_progress.h"

namespace basehttpd {

class RecordIntake {
  public:
    struct Item {
        std::int64_t time_ns;
        std::size_t slot;
        basehttp::LogRing::Record record;
    };

    explicit RecordIntake(Scoreboard& scoreboard) : scoreboard_(scoreboard) {}

    /// Takes all that stands after `rings` now. Of the items, one slot's stay in the order of its ring.
    void fill(std::span<const LogProgress::Ring> rings);

    /// The next item, or null where all were taken; good until the next fill().
    const Item* next() const { return at_ < items_.size() ? &items_[at_] : nullptr; }
    void pop() { ++at_; }

    /// All that next() has not come past; good until the next fill().
    std::span<const Item> rest() const { return std::span(items_).subspan(at_); }

  private:
    void collect(std::size_t slot, std::uint64_t position, std::int64_t now);

    Scoreboard& scoreboard_;
    std::vector<Item> items_;
    std::size_t at_ = 0;
};

}  // namespace basehttpd
