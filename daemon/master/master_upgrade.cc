// The master's upgrade: see master.h. The binary that stands where this one was started from checks the
// configuration; where it can, it is executed in the place of this one, under the same pid, and goes on with sockets
// and children.
#include <unistd.h>

#include <array>
#include <climits>
#include <utility>

#include <fmt/format.h>

#include "daemon/master/master.h"
#include "daemon/process/descriptor_limit.h"
#include "daemon/process/exit_codes.h"

namespace basehttpd {

using basehttp::Severity;

std::string Master::own_binary() {
    std::array<char, PATH_MAX> path;
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    return {path.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

void Master::upgrade(const Reply& reply) {
    if (stopping_) return refuse_upgrade(reply, "the daemon stops");
    if (reload_ || upgrade_check_ || predecessor_)
        return refuse_upgrade(reply, "a reload or an upgrade is under way");
    if (config_file_.empty()) return refuse_upgrade(reply, "this server runs without a configuration file");
    upgrade_check_.emplace(processes_, binary_, config_file_);
    const auto started = upgrade_check_->start(
        [this, reply](const UpgradeCheck::Outcome& outcome) { on_upgrade_checked(outcome, reply); });
    if (started) return;
    upgrade_check_.reset();
    refuse_upgrade(reply, started.error().text());
}

void Master::on_upgrade_checked(const UpgradeCheck::Outcome& outcome, const Reply& reply) {
    upgrade_check_.reset();
    if (stopping_) {
        refuse_upgrade(reply, "the daemon stops");
        leave_when_alone();
        return;
    }
    if (!outcome.good) return refuse_upgrade(reply, outcome.text);
    if (reload_ || !logger_.settled()) return refuse_upgrade(reply, "a reload or a reopen came first");
    const Inheritance inheritance = hand_over();
    log_.error(Severity::notice, "upgrade: " + binary_ + " takes over");
    service_manager_.reloading();
    inheritance.give();
    const rlim_t limit = restore_descriptor_limit();
    ::execl(binary_.c_str(), "basehttpd", "-c", config_file_.c_str(), nullptr);
    const std::string reason = basehttp::io_failure("exec").error().text();
    inheritance.keep();
    raise_descriptor_limit(limit);
    refuse_upgrade(reply, binary_ + ": " + reason);
    service_manager_.ready(status_.line());
}

Inheritance Master::hand_over() const {
    Inheritance inheritance;
    inheritance.listeners = crews_.serving().listeners().fds();
    inheritance.passed = crews_.serving().listeners().passed();
    crews_.hand_over(inheritance.workers);
    logger_.hand_over(inheritance);
    inheritance.counted = traffic_.totals();
    return inheritance;
}

void Master::refuse_upgrade(const Reply& reply, const std::string& reason) {
    const std::string text = "upgrade refused, nothing has changed: " + reason;
    log_.error(Severity::error, text.substr(0, text.find('\n')));
    if (reply) reply({kExitUnavailable, text});
}

// The new binary's side: the old children go when the new ones serve.
void Master::adopt_predecessor() {
    log_.error(Severity::notice,
               fmt::format("took over from an earlier binary, with {} of its workers", inherited_->workers.size()));
    predecessor_.emplace(processes_, log_, *inherited_, resources_.logs.identity, [this] {
        sweep_predecessor_ = events_.after(std::chrono::milliseconds::zero(), [this] {
            predecessor_.reset();
            leave_when_alone();
        });
    });
}

}  // namespace basehttpd
