#include "daemon/worker/worker_log.h"

namespace basehttpd {
namespace {

using basehttp::LogRing;

constexpr std::chrono::milliseconds kUntilNextLook{5};

}  // namespace

WorkerLog::WorkerLog(LogRing& ring, int wake_fd, const Config& config, basehttp::EventLoop& loop)
    : ring_(ring),
      ring_log_(ring, wake_fd, std::chrono::milliseconds(0)),
      loop_(loop),
      longest_wait_(config.log.ring_wait),
      daemon_wants_(!config.log.access.empty()) {
    for (const SiteConfig& site : config.sites) {
        if (site.log.access && site.log.access->empty() == daemon_wants_)
            unlike_daemon_.insert(site.hosts.empty() ? "*" : site.hosts.front());
    }
}

// For the longest access record, and an error record beside it: messages never wait.
bool WorkerLog::ring_has_room() const {
    constexpr std::size_t kNeeded = 3 * LogRing::kLongestRecord;
    return ring_.written() - ring_.released() <= LogRing::kCapacity - kNeeded;
}

// Nobody tells a worker that the logger has released records: it looks, while there are connections that wait.
void WorkerLog::call_when_room(Waiter& waiter) {
    waiting_.push_back({&waiter, loop_.now() + longest_wait_});
    if (!armed()) loop_.arm(*this, kUntilNextLook);
}

void WorkerLog::forget(Waiter& waiter) {
    std::erase_if(waiting_, [&waiter](const Waiting& each) { return each.waiter == &waiter; });
}

// Each waiter logs as soon as it is called, and may wait again for its next record.
void WorkerLog::on_deadline() {
    losing_ = !ring_has_room() && !waiting_.empty() && waiting_.front().until <= loop_.now();
    for (std::size_t count = waiting_.size(); count > 0 && !waiting_.empty() && has_room(); --count) {
        Waiter& waiter = *waiting_.front().waiter;
        waiting_.pop_front();
        waiter.on_room();
    }
    if (!waiting_.empty()) loop_.arm(*this, kUntilNextLook);
}

}  // namespace basehttpd
