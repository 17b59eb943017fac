// WorkerClients: the limit of connections for each client, across workers: what the others have is read in the
// scoreboard. Workers that accept in the same moment may go beyond it, by one connection for each other worker.
#pragma once

#include <cstddef>
#include <cstdint>

#include "basehttp/server/client_limit.h"
#include "daemon/board/scoreboard.h"

namespace basehttpd {

class WorkerClients final : public basehttp::ClientLimit {
  public:
    WorkerClients(std::size_t most, Scoreboard& scoreboard, std::size_t own_slot);

  private:
    std::size_t elsewhere(std::uint64_t client) const override;

    const Scoreboard& scoreboard_;
    std::size_t own_slot_;
};

}  // namespace basehttpd
