// Scoreboard: the memory that all processes share, mapped by the master before it forks. One slot a worker: what it
// is, what it does, its counters, the requests it is in the middle of, and the ring through which it logs. Slot 0 is
// the master's own, for its ring.
//
// Each part has one process that writes it, and is memory of its own (SealedMemory), which the others can at most
// read; readers trust nothing that a worker wrote.
//
//     part                                     written by        read by
//     a slot's condition: state, counters,     its worker        master, workers
//     connections by client
//     a slot's journal: requests, ring         its worker        master, logger
//     assignments: pids, ring owners,          master            workers, logger
//     quarantine
//     how far the rings were read              logger            master, workers
//     the bulletin: what status pages show     master            workers with such a page
//
// The master writes where a worker does only while there is none. Which parts a process has is settled around its
// fork: lend_to_worker() or lend_to_logger() in the master, become_worker() or become_logger() in the child.
//
// All but the conditions may come from an earlier instance, all of whose processes were killed: then the rings still
// hold what it has logged, and nobody serves.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/log/log_ring.h"
#include "basehttp/server/client_counts.h"
#include "basehttp/server/counters.h"
#include "basehttp/server/quarantine.h"
#include "basehttp/server/requests_in_flight.h"
#include "daemon/board/bulletin.h"
#include "daemon/board/ring_owners.h"
#include "daemon/board/site_numbers.h"
#include "daemon/process/sealed_memory.h"

namespace basehttpd {

enum class WorkerState : std::uint8_t { unused, starting, serving, draining };

/// A slot as this process sees it: views of the shared memory.
struct WorkerSlot {
    std::atomic<pid_t>& pid;                  ///< the master's word
    std::atomic<bool>& used;                  ///< a worker has it; the master's word
    std::atomic<WorkerState>& state;          ///< the worker's
    std::atomic<bool>& accepting;             ///< takes part in the listening sockets
    std::atomic<std::int64_t>& heartbeat_ms;  ///< CLOCK_MONOTONIC, of the last time its loop went round
    std::atomic<std::uint64_t>& own_memory;   ///< bytes that it has for itself, by its own account
    basehttp::Counters& counters;
    std::array<basehttp::SiteCounters, SiteNumbers::kMost>& sites;  ///< by number
    basehttp::ClientCounts& clients;  ///< the connections of each, where their number is limited
    basehttp::RequestsInFlight& in_flight;
    basehttp::LogRing ring;
};

class Scoreboard {
  public:
    static constexpr std::size_t kMasterSlot = 0;

    /// Maps memory for the master and `workers` workers, of `files`: what was left of a scoreboard of that size is
    /// gone on with.
    static basehttp::IoResult<Scoreboard> create(std::size_t workers, MemoryFiles& files);

    /// In memory of its own.
    static basehttp::IoResult<Scoreboard> create(std::size_t workers);

    /// For how many workers the scoreboard is that an earlier instance has left in `files`; nothing where there is
    /// none.
    static std::optional<std::size_t> workers_left(const MemoryFiles& files);

    /// A worker of the earlier instance, which must be reported and given up by release_slot().
    struct LostWorker {
        std::size_t slot;
        pid_t pid;
    };
    std::vector<LostWorker> lost_workers() const;
    void release_slot(std::size_t index);

    /// Slots, the master's included.
    std::size_t size() const { return slots_.size(); }

    /// Slots that no worker has.
    std::size_t free_slots() const;

    WorkerSlot& slot(std::size_t index) { return slots_[index]; }
    const WorkerSlot& slot(std::size_t index) const { return slots_[index]; }

    /// Who has written the ring of that slot.
    RingOwners& owners(std::size_t index);

    /// In the master: whether the logger has found that what the slot's worker writes to its ring makes no sense.
    bool is_refused(std::size_t index);

    /// In the master, while no worker has the slot: makes its ring good for another writer, if it is not. `pid` has
    /// written what is written until there is another one. Whether it was not.
    bool mend_ring(std::size_t index, pid_t pid);

    basehttp::Quarantine& quarantine();

    /// What workers know clients by with each other, and nobody else knows.
    std::uint64_t client_seed() const;

    /// The master's; of a worker those that there were when it was forked.
    SiteNumbers& site_numbers() { return site_numbers_; }
    const SiteNumbers& site_numbers() const { return site_numbers_; }

    /// In the master: workers that were started so far.
    void count_start() { ++started_workers_; }
    std::uint64_t started_workers() const { return started_workers_; }

    /// In the master, and in workers to which it was shown.
    Bulletin& bulletin() const;

    /// Names the life of the rings.
    std::uint64_t run() const;

    /// In the master, around the fork of a worker for that slot, or of a logger.
    basehttp::IoResult<void> lend_to_worker(std::size_t index);
    basehttp::IoResult<void> take_back_from_worker(std::size_t index);
    basehttp::IoResult<void> show_bulletin() { return bulletin_.show(); }
    basehttp::IoResult<void> hide_bulletin() { return bulletin_.hide(); }
    basehttp::IoResult<void> lend_to_logger();
    basehttp::IoResult<void> take_back_from_logger();

    /// In the child, right after the fork.
    void become_worker(std::size_t index);
    void become_logger();

  private:
    struct Condition;
    struct Journal;
    struct Assignments;

    enum class Role : std::uint8_t { master, worker, logger };

    Scoreboard(std::size_t count, SealedMemory assignments, SealedMemory taken, SealedMemory bulletin);

    static std::vector<MemoryFiles::Wanted> files_of(std::size_t count);
    basehttp::IoResult<void> add_slot(MemoryFiles& files, const MemoryFiles::Wanted& journal_file);
    void see_as(Role role, std::size_t own_slot);
    Assignments& assignments() const;

    std::vector<SealedMemory> conditions_;  // of each slot
    std::vector<SealedMemory> journals_;
    SealedMemory assignments_;
    SealedMemory taken_;
    SealedMemory bulletin_;
    SiteNumbers site_numbers_;
    std::uint64_t started_workers_ = 0;
    Role role_ = Role::master;
    std::vector<WorkerSlot> slots_;
};

}  // namespace basehttpd
