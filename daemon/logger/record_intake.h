// RecordIntake: takes the records of all rings in order of their completion, a batch at a time. Owned by the logger.
// A record is copied out of its ring once; what is made of it is made of the copy. It stays in the ring until the
// logger releases it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "basehttp/log/log_ring.h"
#include "daemon/board/scoreboard.h"
#include "daemon/logs/log_progress.h"

namespace basehttpd {

class RecordIntake {
  public:
    /// Bytes of records after which a batch ends.
    static constexpr std::size_t kBatch = std::size_t{256} * 1024;

    struct Item {
        std::size_t slot;
        basehttp::LogRing::Found record;
        std::span<const std::byte> bytes;  ///< the copy of its payload
        std::int64_t time_ns;              ///< of its completion, but not before what is in front of it in its ring
    };

    explicit RecordIntake(Scoreboard& scoreboard);

    /// Takes what is in the rings after `rings` now, as far as one batch goes. False: that was all.
    bool fill(std::span<const LogProgress::Ring> rings);

    /// The next item, or null where all were taken; good until the next fill().
    const Item* next() const { return at_ < items_.size() ? &items_[at_] : nullptr; }
    void pop() { ++at_; }

    /// All that next() has not come past; good until the next fill().
    std::span<const Item> rest() const { return std::span(items_).subspan(at_); }

  private:
    bool look(std::uint64_t position, std::int64_t now, Item& item);
    std::span<const std::byte> copy(const basehttp::LogRing& ring, const basehttp::LogRing::Found& record);

    Scoreboard& scoreboard_;
    std::unique_ptr<std::byte[]> memory_;  // room for a batch and one record of each ring beyond it
    std::size_t used_ = 0;
    std::vector<Item> items_;
    std::vector<Item> first_;  // of each ring, what comes next: a heap with the earliest in front
    std::size_t at_ = 0;
};

}  // namespace basehttpd
