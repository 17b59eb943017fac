// Scoreboard: the memory that all processes share, mapped by the master before it forks. One slot a worker: what it
// is, what it does, its counters, the requests it is in the middle of, and the ring through which it logs. Slot 0 is
// the master's own, for its ring. A slot has one writer; readers trust nothing in it. Beside the slots are the owners
// of their rings, and the quarantine, which the master writes and workers read.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "basehttp/io/io_result.h"
#include "basehttp/log/log_ring.h"
#include "basehttp/server/counters.h"
#include "basehttp/server/quarantine.h"
#include "basehttp/server/requests_in_flight.h"
#include "daemon/board/ring_owners.h"

namespace basehttpd {

enum class WorkerState : std::uint8_t { unused, starting, serving, draining };

struct WorkerSlot {
    std::atomic<pid_t> pid = 0;
    std::atomic<WorkerState> state = WorkerState::unused;
    std::atomic<bool> accepting = false;         ///< takes part in the listening sockets
    std::atomic<std::int64_t> heartbeat_ms = 0;  ///< CLOCK_MONOTONIC, of the last time its loop went round
    std::atomic<std::uint64_t> own_memory = 0;   ///< bytes that it has for itself, by its own account
    basehttp::Counters counters;
    basehttp::RequestsInFlight in_flight;
    basehttp::LogRing ring;
};

class Scoreboard {
  public:
    static constexpr std::size_t kMasterSlot = 0;

    /// Maps memory for the master and `workers` workers.
    static basehttp::IoResult<Scoreboard> create(std::size_t workers);

    Scoreboard(Scoreboard&& other) noexcept;
    Scoreboard& operator=(Scoreboard&&) = delete;
    Scoreboard(const Scoreboard&) = delete;
    ~Scoreboard();

    /// Slots, the master's included.
    std::size_t size() const { return count_; }

    /// Slots that no worker has.
    std::size_t free_slots() const;

    WorkerSlot& slot(std::size_t index) { return slots_[index]; }
    const WorkerSlot& slot(std::size_t index) const { return slots_[index]; }

    /// Who has written the ring of that slot.
    RingOwners& owners(std::size_t index) { return owners_[index]; }

    basehttp::Quarantine& quarantine() { return *quarantine_; }

    /// Names the life of the rings.
    std::uint64_t run() const { return run_; }

  private:
    Scoreboard(void* memory, std::size_t count);

    WorkerSlot* slots_;
    std::size_t count_;
    RingOwners* owners_;
    basehttp::Quarantine* quarantine_;
    std::uint64_t run_;
};

}  // namespace basehttpd
