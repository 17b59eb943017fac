// Quarantine: requests that are answered 503 for a while, because worker after worker has died of them. In the daemon
// it stands in shared memory: the master writes it, workers look into it, and as long as it is empty that costs them
// one load a request.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace basehttp {

class Quarantine {
  public:
    /// So many requests at once; where there are more, the first that would be let go has to go.
    static constexpr std::size_t kMost = 64;

    bool empty() const { return count_.load(std::memory_order_relaxed) == 0; }

    /// Until when the request of this RequestsInFlight::fingerprint() is kept from handlers, by CLOCK_MONOTONIC;
    /// nothing where it is not, or no longer.
    std::optional<std::int64_t> until_ms(std::uint64_t fingerprint, std::int64_t now_ms) const;

    // The master's side.

    /// Keeps it until then.
    void add(std::uint64_t fingerprint, std::int64_t until_ms);

    /// Lets those go whose time is over.
    void expire(std::int64_t now_ms);

    void clear();

  private:
    struct Entry {
        std::atomic<std::uint64_t> fingerprint = 0;  // 0: none
        std::atomic<std::int64_t> until_ms = 0;
    };

    Entry& place_for(std::uint64_t fingerprint);
    void count();

    std::atomic<std::uint32_t> count_ = 0;
    std::array<Entry, kMost> entries_;
};

}  // namespace basehttp
