// PoisonLedger: which requests workers die of. One that kills `workers.poison_limit` of them within a minute goes
// into quarantine: workers answer it 503 for five minutes, or until a reload. Owned by the Master.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "basehttp/log/log.h"
#include "basehttp/server/quarantine.h"
#include "daemon/config/document.h"

namespace basehttpd {

/// A request that a worker died of: it was at work on it.
struct DeadlyRequest {
    std::uint64_t fingerprint;
    std::string name;  ///< for people: `"GET /x HTTP/1.1" for example.org`
};

class PoisonLedger {
  public:
    static constexpr std::chrono::milliseconds kWindow{60'000};
    static constexpr std::chrono::milliseconds kQuarantine{300'000};

    /// Both must outlive it.
    PoisonLedger(basehttp::Quarantine& quarantine, basehttp::Log& log) : quarantine_(quarantine), log_(log) {}

    /// Takes note of a death. `limit`: so many within a minute are too many; 0: never.
    void note(const DeadlyRequest& request, unsigned limit, std::int64_t now_ms);

    /// Lets go those whose time is over. Once a second.
    void expire(std::int64_t now_ms);

    /// Lets all go: what they died of may have been mended.
    void clear();

    /// Those in quarantine, one a line: name and seconds left.
    std::string text(std::int64_t now_ms) const;

    /// The same as a list.
    Document document(std::int64_t now_ms) const;

  private:
    struct Death {
        std::uint64_t fingerprint;
        std::int64_t at_ms;
    };
    struct Kept {
        DeadlyRequest request;
        std::int64_t until_ms;
    };

    basehttp::Quarantine& quarantine_;
    basehttp::Log& log_;
    std::deque<Death> deaths_;  // of the last minute
    std::vector<Kept> kept_;
};

}  // namespace basehttpd
