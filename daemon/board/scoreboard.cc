#include "daemon/board/scoreboard.h"

#include <sys/mman.h>

#include <new>
#include <utility>

#include "basehttp/io/wall_clock.h"

namespace basehttpd {
namespace {

std::size_t bytes_for(std::size_t slots) {
    return slots * (sizeof(WorkerSlot) + sizeof(RingOwners)) + sizeof(basehttp::Quarantine);
}

}  // namespace

basehttp::IoResult<Scoreboard> Scoreboard::create(std::size_t workers) {
    const std::size_t count = workers + 1;
    void* memory =
        ::mmap(nullptr, bytes_for(count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return basehttp::io_failure("mmap");
    return Scoreboard(memory, count);
}

// Default, not value initialisation: the rings' bytes stay untouched, so that a slot nobody uses costs no memory.
Scoreboard::Scoreboard(void* memory, std::size_t count)
    : slots_(static_cast<WorkerSlot*>(memory)),
      count_(count),
      owners_(reinterpret_cast<RingOwners*>(slots_ + count)),
      quarantine_(new (owners_ + count) basehttp::Quarantine),
      run_(static_cast<std::uint64_t>(basehttp::wall_clock_ns() / 1000)) {
    for (std::size_t i = 0; i < count; ++i) {
        new (slots_ + i) WorkerSlot;
        new (owners_ + i) RingOwners;
    }
}

Scoreboard::Scoreboard(Scoreboard&& other) noexcept
    : slots_(std::exchange(other.slots_, nullptr)),
      count_(other.count_),
      owners_(other.owners_),
      quarantine_(other.quarantine_),
      run_(other.run_) {}

Scoreboard::~Scoreboard() {
    if (slots_ != nullptr) ::munmap(slots_, bytes_for(count_));
}

std::size_t Scoreboard::free_slots() const {
    std::size_t free = 0;
    for (std::size_t i = kMasterSlot + 1; i < count_; ++i) {
        if (slots_[i].state == WorkerState::unused) ++free;
    }
    return free;
}

}  // namespace basehttpd
