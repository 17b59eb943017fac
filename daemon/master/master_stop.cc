// The master's end: see master.h.
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
    const milliseconds longest = crews_.longest_shutdown();
    service_manager_.extend_timeout(longest_stop(longest));
    last_timer_ = events_.after(longest + kWorkersLastPatience, [this] { leave_behind(); });
    log_.error(Severity::notice, "stopping");
    reload_.stop();
    upgrade_.stop();
    crews_.stop();
}

void Master::stop_now() {
    stopping_ = true;
    service_manager_.stopping("stopping now");
    reload_.stop();
    upgrade_.kill();
    crews_.kill();
    last_timer_ = events_.after(kWorkersLastPatience, [this] { leave_behind(); });
}

void Master::leave_when_alone() {
    const bool alone = crews_.gone() && upgrade_.idle();
    if (stopping_ && alone) leave(exit_code_);
}

// What neither a signal nor a message ends: a worker that hangs and may not be signalled, or one that the kernel
// holds.
void Master::leave_behind() {
    crews_.leave_behind();
    upgrade_.leave_behind();
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
