// Crews: all worker crews of the master: the one that serves, the one that a reload tries, and those that drain or
// are killed after a reload. Owned by the Master.
//
//     start_next() → (its first worker accepts) → take_over(): it serves, and the one before drains
//                                               → drop_next(): it is killed, and all stays as it was
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/master/worker_crew.h"

namespace basehttpd {

class Crews {
  public:
    struct Callbacks {
        std::function<void()> on_started;  ///< the first worker of all accepts
        std::function<void()> on_gave_up;  ///< the crew that serves did
        std::function<void()> on_gone;     ///< the last worker of one that drains or dies is gone
    };

    /// What becomes of the next crew before it takes over or is dropped.
    struct Trial {
        std::function<void()> on_ready;
        std::function<void()> on_gave_up;
    };

    /// The crew that serves first; `context` outlives this.
    Crews(CrewContext context, Config config, Listeners listeners, const std::optional<Identity>& identity);

    void start(Callbacks callbacks, MissingRoots missing_roots);

    const WorkerCrew& serving() const { return *serving_; }

    /// How many workers can run beside those that do.
    std::size_t room() const { return context_.scoreboard.free_slots(); }

    void start_next(Config config, Listeners listeners, const std::optional<Identity>& identity, Trial trial);
    const WorkerCrew& next() const { return *next_; }
    void take_over();
    void drop_next();

    /// As those of WorkerCrew, for each of them. A next crew must have been dropped before stop() and kill().
    void stop();
    void kill();
    void leave_behind() const;
    void hand_over(std::vector<Inheritance::Child>& workers) const;

    /// The password file `path` holds `text` from now on, for all workers, and for those that are started later.
    basehttp::IoResult<void> replace_passwords(const std::string& path, const std::string& text);

    /// As that of WorkerCrew. Four times a second.
    void check_heartbeats();

    /// As that of WorkerCrew, for the crew that serves. Once a second.
    void recycle() { serving_->recycle(); }

    /// Whether no worker is left.
    bool gone() const { return retired_.empty() && serving_->size() == 0; }

    /// The longest shutdown_timeout of a crew that serves or drains.
    std::chrono::milliseconds longest_shutdown() const;

  private:
    std::unique_ptr<WorkerCrew> make(Config config, Listeners listeners, const std::optional<Identity>& identity);
    void note_left_out() const;
    void on_empty();

    CrewContext context_;
    Callbacks callbacks_;
    std::unique_ptr<WorkerCrew> serving_;
    std::unique_ptr<WorkerCrew> next_;
    std::list<std::unique_ptr<WorkerCrew>> retired_;
    std::int64_t last_look_ms_;          // at the heartbeats
    std::int64_t patient_until_ms_ = 0;  // with workers that may have stood still through no fault of theirs
    EventSource sweep_;
};

}  // namespace basehttpd
