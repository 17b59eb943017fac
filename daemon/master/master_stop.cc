// The master's end: see master.h.
#include <algorithm>
#include <utility>

#include "daemon/master/master.h"
#include "daemon/process/stop_times.h"

namespace basehttpd {

using basehttp::Severity;
using std::chrono::milliseconds;

void Master::stop() {
    if (stopping_) {
        stop_now();
        return;
    }
    stopping_ = true;
    service_manager_.stopping("stopping: requests under way are finished");
    const milliseconds longest = longest_shutdown();
    service_manager_.extend_timeout(longest_stop(longest));
    last_timer_ = events_.after(longest + kWorkersLastPatience, [this] { leave_behind(); });
    log_.error(Severity::notice, "stopping");
    if (reload_) abandon_reload("the daemon stops");
    for (const auto& crew : retired_)
        crew->stop();
    if (predecessor_) predecessor_->stop(crew_->config().shutdown_timeout);
    crew_->listeners().remove_files();
    crew_->stop();
}

void Master::stop_now() {
    stopping_ = true;
    service_manager_.stopping("stopping now");
    if (reload_) abandon_reload("the daemon stops");
    for (const auto& crew : retired_)
        crew->kill();
    if (predecessor_) predecessor_->kill();
    if (upgrade_check_) [[maybe_unused]]
        const auto killed = upgrade_check_->kill();
    crew_->listeners().remove_files();
    crew_->kill();
    last_timer_ = events_.after(kWorkersLastPatience, [this] { leave_behind(); });
}

// Of the crews that drain, too.
milliseconds Master::longest_shutdown() const {
    milliseconds longest = crew_->config().shutdown_timeout;
    for (const auto& crew : retired_)
        longest = std::max(longest, crew->config().shutdown_timeout);
    return longest;
}

void Master::on_crew_gone() {
    // Not within the crew's own callback: it is still running.
    sweep_ = events_.after(milliseconds::zero(), [this] {
        std::erase_if(retired_, [](const auto& retired) { return retired->size() == 0; });
        leave_when_alone();
    });
}

void Master::leave_when_alone() {
    const bool alone = retired_.empty() && crew_->size() == 0 && !predecessor_ && !upgrade_check_;
    if (stopping_ && alone) leave(exit_code_);
}

// What neither a signal nor a message ends: a worker that hangs and may not be signalled, or one that the kernel
// holds.
void Master::leave_behind() {
    for (const auto& crew : retired_)
        crew->leave_behind();
    crew_->leave_behind();
    if (predecessor_) predecessor_->leave_behind();
    leave(exit_code_);
}

// The logger goes last, with all lines written, and then the master: a master that left first would take with it, in
// a service manager's eyes, whatever still runs.
void Master::leave(int code) {
    if (logger_stopping_) return;
    logger_stopping_ = true;
    log_.error(Severity::notice, "stopped");
    logger_.stop([this, code] {
        for (const Reply& reply : stop_replies_)
            reply({0, "stopped"});
        control_.reset();
        events_.exit(code);
    });
}

}  // namespace basehttpd
