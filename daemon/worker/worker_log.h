// WorkerLog: the Log of a worker: its ring, and what waits for room in it. Nothing here holds the event loop up:
// where the ring is full, the connections that have something to log wait, each as long as `ring_wait` says, and the
// others are served. Records that no log of the configuration wants are not written. Owned by the Worker.
//
// Where the wait was in vain, records are lost and counted, without another wait until there is room again.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <set>
#include <string>
#include <string_view>

#include "basehttp/io/deadline.h"
#include "basehttp/io/event_loop.h"
#include "basehttp/log/log.h"
#include "basehttp/log/log_ring.h"
#include "basehttp/server/log_room.h"
#include "daemon/board/ring_log.h"
#include "daemon/config/config.h"

namespace basehttpd {

class WorkerLog final : public basehttp::Log, public basehttp::LogRoom, private basehttp::Deadline {
  public:
    /// `wake_fd` is as RingLog has it. All but `config` must outlive it.
    WorkerLog(basehttp::LogRing& ring, int wake_fd, const Config& config, basehttp::EventLoop& loop);

    void access(const basehttp::AccessRecord& record) override {
        if (!is_wanted(record.site)) return;
        if (losing_) losing_ = !ring_has_room();
        ring_log_.access(record);
    }
    using Log::error;
    void error(const basehttp::ErrorRecord& record) override { ring_log_.error(record); }
    std::uint64_t position() const override { return ring_log_.position(); }
    bool has_room() const override { return losing_ || longest_wait_.count() == 0 || ring_has_room(); }
    void call_when_room(Waiter& waiter) override;
    void forget(Waiter& waiter) override;

    /// Whether any log takes the access records of `site`, as they name it.
    bool is_wanted(std::string_view site) const {
        return unlike_daemon_.empty() ? daemon_wants_ : daemon_wants_ != unlike_daemon_.contains(site);
    }

  private:
    struct Waiting {
        Waiter* waiter;
        basehttp::Clock::time_point until;
    };

    bool ring_has_room() const;
    void on_deadline() override;

    basehttp::LogRing& ring_;
    RingLog ring_log_;
    basehttp::EventLoop& loop_;
    std::chrono::milliseconds longest_wait_;
    bool daemon_wants_;                                 // access records of the sites without logs of their own
    std::set<std::string, std::less<>> unlike_daemon_;  // sites with which it is the other way round
    std::list<Waiting> waiting_;                        // those that came first are in front
    bool losing_ = false;                               // since a wait was in vain
};

}  // namespace basehttpd
