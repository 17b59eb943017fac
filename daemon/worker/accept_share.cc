#include "daemon/worker/accept_share.h"

#include <algorithm>
#include <cstdint>

#include "basehttp/io/monotonic_clock.h"

namespace basehttpd {

// Visits this worker and each other one that serves. One that has not gone round its loop for three heartbeats does
// not count: it would not come when called.
template <typename Visit>
void AcceptShare::for_each_serving(Visit visit) const {
    constexpr std::int64_t kFreshMs = 1500;
    const std::int64_t now = basehttp::monotonic_ms();
    for (std::size_t i = 1; i < scoreboard_.size(); ++i) {
        const WorkerSlot& slot = scoreboard_.slot(i);
        if (slot.state.load(std::memory_order_relaxed) != WorkerState::serving) continue;
        const bool own = i == own_slot_;
        if (own || now - slot.heartbeat_ms.load(std::memory_order_relaxed) <= kFreshMs) visit(slot, own);
    }
}

// Each worker has pages of its own, so looking at all of them costs as much as a fifth of a short connection.
bool AcceptShare::has_more_than_its_share() {
    const std::uint64_t mine = scoreboard_.slot(own_slot_).counters.connections.load(std::memory_order_relaxed);
    if (answers_left_ > 0 && mine <= allowed_) {
        --answers_left_;
        return false;
    }
    return compare();
}

bool AcceptShare::compare() {
    constexpr unsigned kMostAnswers = 16;
    std::uint64_t workers = 0;
    std::uint64_t all = 0;
    std::uint64_t mine = 0;
    for_each_serving([&](const WorkerSlot& slot, bool own) {
        const std::uint64_t connections = slot.counters.connections.load(std::memory_order_relaxed);
        ++workers;
        all += connections;
        if (own) mine = connections;
    });
    // One more than the mean, or an eighth where there are many, is no reason to leave.
    const std::uint64_t limit = all + std::max(workers, all / 8);
    const bool more = mine * workers > limit;
    answers_left_ = more ? 0 : kMostAnswers;
    // Each further connection adds `workers` to the left side and one to the right.
    allowed_ = more || workers < 2 ? mine : mine + (limit - mine * workers) / (workers - 1);
    return more;
}

bool AcceptShare::others_take_part() const {
    bool found = false;
    for_each_serving([&found](const WorkerSlot& slot, bool own) {
        found = found || (!own && slot.accepting.load(std::memory_order_seq_cst));
    });
    return found;
}

}  // namespace basehttpd
