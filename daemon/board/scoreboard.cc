#include "daemon/board/scoreboard.h"

#include <new>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"

namespace basehttpd {

struct Scoreboard::Condition {
    std::atomic<WorkerState> state = WorkerState::unused;
    std::atomic<bool> accepting = false;
    std::atomic<std::int64_t> heartbeat_ms = 0;
    std::atomic<std::uint64_t> own_memory = 0;
    basehttp::Counters counters;
    std::array<basehttp::SiteCounters, SiteNumbers::kMost> sites;
    basehttp::ClientCounts clients;
};

struct Scoreboard::Journal {
    basehttp::RequestsInFlight in_flight;
    basehttp::LogRing::Written ring;
};

// Behind it is an Assignment for each slot.
struct Scoreboard::Assignments {
    struct Slot {
        std::atomic<pid_t> pid = 0;
        std::atomic<bool> used = false;
        RingOwners owners;
    };

    static std::size_t size_for(std::size_t count) { return sizeof(Assignments) + count * sizeof(Slot); }

    Slot& slot(std::size_t index) { return reinterpret_cast<Slot*>(this + 1)[index]; }

    // What counts for one life of the processes alone.
    void start_over() {
        new (&quarantine) basehttp::Quarantine;
        client_seed = std::uint64_t{std::random_device{}()} << 32U | std::random_device{}();
    }

    std::uint64_t run = static_cast<std::uint64_t>(basehttp::wall_clock_ns() / 1000);
    std::uint64_t client_seed = 0;
    alignas(64) basehttp::Quarantine quarantine;
};

namespace {

MemoryFiles::Wanted journal_file(std::size_t index, std::size_t size) {
    return {fmt::format("journal-{}", index), size};
}

}  // namespace

std::vector<MemoryFiles::Wanted> Scoreboard::files_of(std::size_t count) {
    std::vector<MemoryFiles::Wanted> files{{"assignments", Assignments::size_for(count)},
                                           {"read", count * sizeof(basehttp::LogRing::Taken)}};
    for (std::size_t i = 0; i < count; ++i)
        files.push_back(journal_file(i, sizeof(Journal)));
    return files;
}

std::optional<std::size_t> Scoreboard::workers_left(const MemoryFiles& files) {
    std::size_t count = 0;
    while (files.has({journal_file(count, sizeof(Journal))}))
        ++count;
    if (count == 0 || !files.has(files_of(count))) return std::nullopt;
    return count - 1;
}

basehttp::IoResult<Scoreboard> Scoreboard::create(std::size_t workers) {
    MemoryFiles files;
    return create(workers, files);
}

basehttp::IoResult<Scoreboard> Scoreboard::create(std::size_t workers, MemoryFiles& files) {
    const std::size_t count = workers + 1;
    const std::vector<MemoryFiles::Wanted> wanted = files_of(count);
    auto assignments = SealedMemory::create(files, wanted[0]);
    if (!assignments) return std::unexpected(assignments.error());
    auto taken = SealedMemory::create(files, wanted[1]);
    if (!taken) return std::unexpected(taken.error());
    MemoryFiles own;
    auto bulletin = SealedMemory::create(own, {"bulletin", sizeof(Bulletin)});
    if (!bulletin) return std::unexpected(bulletin.error());
    if (auto hidden = bulletin->hide(); !hidden) return std::unexpected(hidden.error());
    Scoreboard board(count, std::move(*assignments), std::move(*taken), std::move(*bulletin));
    for (std::size_t i = 2; i < wanted.size(); ++i) {
        if (auto added = board.add_slot(files, wanted[i]); !added) return std::unexpected(added.error());
    }
    board.see_as(Role::master, kMasterSlot);
    return board;
}

Scoreboard::Scoreboard(std::size_t count, SealedMemory assignments, SealedMemory taken, SealedMemory bulletin)
    : assignments_(std::move(assignments)), taken_(std::move(taken)), bulletin_(std::move(bulletin)) {
    new (bulletin_.writable()) Bulletin;
    if (!assignments_.left()) {
        new (assignments_.writable()) Assignments;
        for (std::size_t i = 0; i < count; ++i)
            new (&this->assignments().slot(i)) Assignments::Slot;
    }
    this->assignments().start_over();
    if (taken_.left()) return;
    for (std::size_t i = 0; i < count; ++i)
        new (taken_.writable() + i * sizeof(basehttp::LogRing::Taken)) basehttp::LogRing::Taken;
}

// Default, not value initialisation: the bytes of rings and tables stay untouched, so that a slot nobody uses costs
// no memory. Conditions are of no use to another instance.
basehttp::IoResult<void> Scoreboard::add_slot(MemoryFiles& files, const MemoryFiles::Wanted& journal_file) {
    MemoryFiles own;
    auto condition = SealedMemory::create(own, {"worker", sizeof(Condition)});
    if (!condition) return std::unexpected(condition.error());
    auto journal = SealedMemory::create(files, journal_file);
    if (!journal) return std::unexpected(journal.error());
    if (auto hidden = journal->hide(); !hidden) return hidden;
    new (condition->writable()) Condition;
    if (!journal->left()) new (journal->writable()) Journal;
    conditions_.push_back(std::move(*condition));
    journals_.push_back(std::move(*journal));
    return {};
}

// What a process may not write is where it can only be read, and what it may not read is nowhere.
void Scoreboard::see_as(Role role, std::size_t own_slot) {
    role_ = role;
    const auto part_of = [](const SealedMemory& memory, bool writes) {
        return writes ? memory.writable() : memory.readable();
    };
    std::vector<WorkerSlot> slots;
    std::byte* const taken = part_of(taken_, role != Role::worker);
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
        const bool writes = role == Role::master || (role == Role::worker && i == own_slot);
        auto& condition = *reinterpret_cast<Condition*>(part_of(conditions_[i], writes));
        auto& journal = *reinterpret_cast<Journal*>(part_of(journals_[i], writes));
        auto& read = reinterpret_cast<basehttp::LogRing::Taken*>(taken)[i];
        slots.push_back({assignments().slot(i).pid, assignments().slot(i).used, condition.state, condition.accepting,
                         condition.heartbeat_ms, condition.own_memory, condition.counters, condition.sites,
                         condition.clients, journal.in_flight, basehttp::LogRing(journal.ring, read)});
    }
    slots_.swap(slots);
}

Scoreboard::Assignments& Scoreboard::assignments() const {
    return *reinterpret_cast<Assignments*>(role_ == Role::master ? assignments_.writable() : assignments_.readable());
}

RingOwners& Scoreboard::owners(std::size_t index) {
    return assignments().slot(index).owners;
}

bool Scoreboard::is_refused(std::size_t index) {
    const std::uint32_t refused = slots_[index].ring.refused();
    return refused != 0 && refused == owners(index).count();
}

bool Scoreboard::mend_ring(std::size_t index, pid_t pid) {
    basehttp::LogRing& ring = slots_[index].ring;
    if (ring.is_sound() && !is_refused(index)) return false;
    ring.start_anew();
    owners(index).add(ring.written(), pid, RingOwners::Begin::anew);
    return true;
}

basehttp::Quarantine& Scoreboard::quarantine() {
    return assignments().quarantine;
}

Bulletin& Scoreboard::bulletin() const {
    return *reinterpret_cast<Bulletin*>(role_ == Role::master ? bulletin_.writable() : bulletin_.readable());
}

std::uint64_t Scoreboard::client_seed() const {
    return assignments().client_seed;
}

std::uint64_t Scoreboard::run() const {
    return assignments().run;
}

std::vector<Scoreboard::LostWorker> Scoreboard::lost_workers() const {
    std::vector<LostWorker> lost;
    for (std::size_t i = kMasterSlot + 1; i < slots_.size(); ++i) {
        if (slots_[i].used) lost.push_back({i, slots_[i].pid});
    }
    return lost;
}

void Scoreboard::release_slot(std::size_t index) {
    WorkerSlot& slot = slots_[index];
    slot.pid = 0;
    slot.accepting = false;
    slot.counters.connections = 0;
    slot.state = WorkerState::unused;
    slot.used = false;
}

std::size_t Scoreboard::free_slots() const {
    std::size_t free = 0;
    for (std::size_t i = kMasterSlot + 1; i < slots_.size(); ++i) {
        if (!slots_[i].used) ++free;
    }
    return free;
}

basehttp::IoResult<void> Scoreboard::lend_to_worker(std::size_t index) {
    if (auto lent = conditions_[index].lend(); !lent) return lent;
    return journals_[index].lend();
}

basehttp::IoResult<void> Scoreboard::take_back_from_worker(std::size_t index) {
    auto condition = conditions_[index].take_back();
    auto journal = journals_[index].take_back();
    return condition ? journal : condition;
}

basehttp::IoResult<void> Scoreboard::lend_to_logger() {
    auto done = taken_.lend();
    for (SealedMemory& journal : journals_) {
        if (done) done = journal.show();
    }
    return done;
}

basehttp::IoResult<void> Scoreboard::take_back_from_logger() {
    auto done = taken_.take_back();
    for (SealedMemory& journal : journals_) {
        if (auto hidden = journal.hide(); !hidden) done = hidden;
    }
    return done;
}

void Scoreboard::become_worker(std::size_t index) {
    see_as(Role::worker, index);
}

void Scoreboard::become_logger() {
    see_as(Role::logger, kMasterSlot);
}

}  // namespace basehttpd
