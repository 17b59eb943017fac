#include "daemon/worker/worker_clients.h"

namespace basehttpd {

WorkerClients::WorkerClients(std::size_t most, Scoreboard& scoreboard, std::size_t own_slot)
    : ClientLimit(most, scoreboard.client_seed(), scoreboard.slot(own_slot).clients),
      scoreboard_(scoreboard),
      own_slot_(own_slot) {
    scoreboard.slot(own_slot).clients.clear();
}

// Those that start have not emptied their table yet.
std::size_t WorkerClients::elsewhere(std::uint64_t client) const {
    std::size_t sum = 0;
    for (std::size_t i = Scoreboard::kMasterSlot + 1; i < scoreboard_.size(); ++i) {
        const WorkerSlot& slot = scoreboard_.slot(i);
        const WorkerState state = slot.state.load(std::memory_order_relaxed);
        if (i == own_slot_ || !slot.used || state < WorkerState::serving) continue;
        sum += slot.clients.count(client);
    }
    return sum;
}

}  // namespace basehttpd
