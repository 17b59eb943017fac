// Bulletin: the last StatusFacts that the master has collected, in memory that it writes and workers with a status
// route read. A reader never waits for the writer, and never sees half of one.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

#include "daemon/board/status_facts.h"

namespace basehttpd {

class Bulletin {
  public:
    /// In the master.
    void write(const StatusFacts& facts);

    /// nullptr: there are none yet, or the master does nothing but write.
    std::unique_ptr<StatusFacts> read() const;

  private:
    static constexpr std::size_t kWords = (sizeof(StatusFacts) + 7) / 8;

    std::atomic<std::uint64_t> version_ = 0;  // odd: they are being written; 0: there are none
    std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

}  // namespace basehttpd
