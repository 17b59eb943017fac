// AcceptShare: who takes the next connection? epoll wakes the same worker again and again (EPOLLEXCLUSIVE), so one
// would get them all. A worker with clearly more open connections than the mean leaves the listening sockets to the
// others, and comes back when it is level with them again. Part of a Worker; what it knows of others it reads in the
// scoreboard.
//
// Leaving is safe for connections that wait: the kernel walks on past a worker that is awake, so only the connection
// that woke it was meant for it, and that one it has accepted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/board/scoreboard.h"

namespace basehttpd {

class AcceptShare {
  public:
    AcceptShare(const Scoreboard& scoreboard, std::size_t own_slot) : scoreboard_(scoreboard), own_slot_(own_slot) {}

    /// Whether this worker has clearly more connections than the mean of those that serve. To be asked once for each
    /// connection: "no" is kept for a few of them, as far as it would hold if the other workers stayed as they are.
    bool has_more_than_its_share();

    /// Whether another worker takes part in the listening sockets.
    bool others_take_part() const;

  private:
    template <typename Visit>
    void for_each_serving(Visit visit) const;
    bool compare();

    const Scoreboard& scoreboard_;
    std::size_t own_slot_;
    std::uint64_t allowed_ = 0;  // so many connections are no more than its share
    unsigned answers_left_ = 0;  // until the others are looked at again
};

}  // namespace basehttpd
