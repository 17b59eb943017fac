#include "daemon/master/upgrade.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <utility>

#include <fmt/format.h>

#include "daemon/process/descriptor_limit.h"

namespace basehttpd {

using basehttp::Severity;

Upgrade::Upgrade(Parts parts, std::string config_file, std::function<void()> on_gone)
    : parts_(parts), config_file_(std::move(config_file)), on_gone_(std::move(on_gone)) {}

std::string Upgrade::own_binary() {
    std::array<char, PATH_MAX> path;
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    return path_of({path.data(), size > 0 ? static_cast<std::size_t>(size) : 0});
}

std::string Upgrade::path_of(std::string_view link) {
    constexpr std::string_view kReplaced = " (deleted)";
    if (link.ends_with(kReplaced)) link.remove_suffix(kReplaced.size());
    return std::string(link);
}

void Upgrade::request(const Reply& reply) {
    if (stopping_) return refuse(reply, "the daemon stops");
    if (parts_.reload.under_way() || !idle()) return refuse(reply, "a reload or an upgrade is under way");
    if (config_file_.empty()) return refuse(reply, "this server runs without a configuration file");
    check_.emplace(parts_.processes, binary_, config_file_);
    const auto started =
        check_->start([this, reply](const UpgradeCheck::Outcome& outcome) { on_checked(outcome, reply); });
    if (started) return;
    check_.reset();
    refuse(reply, started.error().text());
}

void Upgrade::on_checked(const UpgradeCheck::Outcome& outcome, const Reply& reply) {
    check_.reset();
    if (stopping_) {
        refuse(reply, "the daemon stops");
        on_gone_();
    } else if (outcome.code != 0) {
        refuse(reply, outcome.text, outcome.code);
    } else if (parts_.reload.under_way() || !parts_.logger.settled()) {
        refuse(reply, "a reload or a reopen came first");
    } else {
        execute(reply);
    }
}

void Upgrade::execute(const Reply& reply) {
    start_standby();
    const Inheritance inheritance = hand_over();
    parts_.log.error(Severity::notice, "upgrade: " + binary_ + " takes over");
    parts_.service_manager.reloading();
    inheritance.give();
    const rlim_t limit = restore_descriptor_limit();
    const auto failed = parts_.processes.execute(binary_, {"basehttpd", "-c", config_file_});
    inheritance.keep();
    standby_.tell(message::kEnd);
    raise_descriptor_limit(limit);
    refuse(reply, binary_ + ": " + failed.text());
    parts_.service_manager.ready(parts_.status.line());
}

// No reason to refuse: it is of use only if the logger dies.
void Upgrade::start_standby() {
    if (auto started = parts_.logger.start_standby(standby_); !started) {
        parts_.log.error(Severity::warning,
                         "cannot start a standby logger for the upgrade: " + started.error().text());
    }
}

Inheritance Upgrade::hand_over() const {
    const Listeners& listeners = parts_.crews.serving().listeners();
    Inheritance inheritance;
    inheritance.listeners = listeners.fds();
    inheritance.passed = listeners.passed();
    parts_.crews.hand_over(inheritance.workers);
    parts_.logger.hand_over(inheritance);
    inheritance.standby = {standby_.pid(), standby_.channel()};
    inheritance.counted = parts_.traffic.totals();
    return inheritance;
}

void Upgrade::refuse(const Reply& reply, const std::string& reason, int code) {
    const std::string text = "upgrade refused, nothing has changed: " + reason;
    parts_.log.error(Severity::error, text.substr(0, text.find('\n')));
    if (reply) reply({code, text});
}

void Upgrade::adopt(const Inheritance& inherited, const std::optional<Identity>& identity) {
    parts_.log.error(Severity::notice, fmt::format("took over from an earlier binary, with {} of its workers",
                                                   inherited.workers.size()));
    predecessor_.emplace(parts_.processes, parts_.log, inherited, identity, [this] {
        sweep_ = parts_.processes.after(std::chrono::milliseconds::zero(), [this] {
            predecessor_.reset();
            on_gone_();
        });
    });
}

void Upgrade::retire_predecessor() {
    if (predecessor_) predecessor_->retire(shutdown_timeout());
}

void Upgrade::stop() {
    stopping_ = true;
    if (predecessor_) predecessor_->stop(shutdown_timeout());
}

void Upgrade::kill() {
    stopping_ = true;
    if (predecessor_) predecessor_->kill();
    if (check_) [[maybe_unused]]
        const auto killed = check_->kill();
}

void Upgrade::leave_behind() {
    if (predecessor_) predecessor_->leave_behind();
}

}  // namespace basehttpd
