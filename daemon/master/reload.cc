#include "daemon/master/reload.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/check/check_report.h"
#include "daemon/check/config_check.h"
#include "daemon/check/workers_identity.h"
#include "daemon/config/config_diff.h"
#include "daemon/config/config_reader.h"
#include "daemon/master/resources.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/privileges.h"
#include "daemon/sandbox/sandbox.h"

namespace basehttpd {

using basehttp::Severity;

namespace {

// Of each key whose change does nothing to this process: `'key' ` and why.
std::vector<std::string> without_effect(const Config& before, const Config& after, bool passed) {
    std::vector<std::string> reasons;
    const auto same = [](const ListenConfig& a, const ListenConfig& b) {
        return std::tie(a.address, a.mode, a.owner, a.group) == std::tie(b.address, b.mode, b.owner, b.group);
    };
    if (passed && !std::ranges::equal(before.listen, after.listen, same))
        reasons.emplace_back("'listen' has no effect: the sockets come from systemd");
    if (!started_as_root() && before.user != after.user)
        reasons.emplace_back("'user' has no effect: the daemon was not started as root");
    if (!started_as_root() && before.group != after.group)
        reasons.emplace_back("'group' has no effect: the daemon was not started as root");
    if (before.control != after.control) reasons.emplace_back("'control' takes effect with a restart");
    return reasons;
}

// Whether `line`, as changed_keys() writes it, is of a key that one of `reasons` names.
bool is_of(const std::string& line, const std::vector<std::string>& reasons) {
    const std::string key = "'" + line.substr(0, line.find_first_of(".[:")) + "' ";
    return std::ranges::any_of(reasons, [&](const std::string& reason) { return reason.starts_with(key); });
}

// The change as people read it. What the master holds for its whole life needs a restart.
Verdict applied(const Config& before, const Config& after, bool passed) {
    constexpr std::size_t kMostShown = 50;
    const auto changes = changed_keys(before, after);
    const std::vector<std::string> without = without_effect(before, after, passed);
    std::string text = changes.empty() ? "reload applied: no key has changed" : "reload applied";
    if (!changes.empty() &&
        std::ranges::all_of(changes, [&](const std::string& line) { return is_of(line, without); }))
        text = "reload done, but nothing of what has changed takes effect";
    for (std::size_t i = 0; i < std::min(changes.size(), kMostShown); ++i)
        text += "\n  " + changes[i];
    if (changes.size() > kMostShown) text += fmt::format("\n  and {} more", changes.size() - kMostShown);
    for (const std::string& reason : without)
        text += "\n" + reason;
    return {0, text};
}

void log_lines(basehttp::Log& log, Severity severity, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        log.error(severity, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

void Reload::request(Reply reply) {
    if (stopping_) {
        if (reply) reply({kExitUnavailable, "the daemon stops"});
        return;
    }
    if (reply) (under_way() ? next_replies_ : replies_).push_back(std::move(reply));
    if (under_way()) {
        again_ = true;
    } else {
        parts_.service_manager.reloading();
        read_file();
    }
}

void Reload::read_file() {
    if (config_file_.empty()) return refuse(kExitConfig, "this server runs without a configuration file");
    auto config = read_config(config_file_);
    const auto errors = config ? check_config(*config, ConfigOrigin::file) : std::move(config.error());
    if (has_error(errors)) return refuse(kExitConfig, errors);
    start(std::move(*config));
}

void Reload::start(Config config) {
    if (const std::size_t room = parts_.crews.room(); config.workers.count > room) {
        return refuse(kExitUnavailable, fmt::format("workers.count is {}, but only {} more workers fit beside the "
                                                    "running ones; restart the daemon to change it",
                                                    config.workers.count, room));
    }
    if (const auto refusal = sandbox_refusal(config.sandbox)) return refuse(kExitUnavailable, *refusal);
    auto listeners = Listeners::open(config.listen, parts_.crews.serving().listeners());
    if (!listeners) return refuse(kExitUnavailable, listeners.error());
    const auto identity = identity_of_workers(config);
    if (!identity) return refuse(kExitConfig, identity.error());
    LogPlan plan = LogPlan::of(config);
    if (auto prepared = parts_.logger.prepare(plan, *identity); !prepared)
        return refuse(kExitUnavailable, "cannot make the logs' queues: " + prepared.error().text());
    auto files = LogFiles::open(plan.sinks);
    if (!files) return refuse(kExitUnavailable, files.error());
    next_logs_.emplace(LoggerSetup{std::move(plan), std::move(*files), *identity, config.sandbox});
    parts_.crews.start_next(
        std::move(config), std::move(*listeners), *identity,
        {[this] { finish(); }, [this] { abandon("no worker could start with the new configuration"); }});
}

void Reload::finish() {
    const WorkerCrew& before = parts_.crews.serving();
    const Verdict verdict = applied(before.config(), parts_.crews.next().config(), before.listeners().passed());
    parts_.logger.use(*std::exchange(next_logs_, std::nullopt));
    parts_.crews.take_over();
    on_applied_();
    log_lines(parts_.log, Severity::notice, verdict.text);
    end(verdict, "applied");
}

void Reload::abandon(const std::string& reason) {
    next_logs_.reset();
    parts_.crews.drop_next();
    refuse(kExitUnavailable, reason);
}

void Reload::refuse(int code, const std::vector<ConfigError>& errors) {
    for (const ConfigError& error : errors)
        parts_.log.error(Severity::error, headline(error));
    const auto first = std::ranges::find(errors, ConfigError::Kind::error, &ConfigError::kind);
    const std::string count = errors.size() == 1 ? "" : fmt::format("{} errors, the first is ", errors.size());
    refuse(code, count + headline(*first), render(errors));
}

void Reload::refuse(int code, const std::string& reason, const std::string& details) {
    const std::string summary = "refused, nothing has changed: " + reason;
    parts_.log.error(stopping_ ? Severity::notice : Severity::error, "reload " + summary);
    const std::string text = details.empty() ? reason : details;
    end({code, "reload refused, nothing has changed:\n" + text}, summary);
}

void Reload::end(const Verdict& verdict, const std::string& summary) {
    for (const Reply& reply : std::exchange(replies_, std::exchange(next_replies_, {})))
        reply(verdict);
    parts_.status.note_reload(summary);
    if (stopping_) return;
    parts_.service_manager.ready(parts_.status.line());
    if (std::exchange(again_, false)) request();
}

void Reload::reopen_logs() {
    if (next_logs_) next_logs_->files = next_logs_->files.reopen().files;
}

void Reload::stop() {
    stopping_ = true;
    std::ranges::move(std::exchange(next_replies_, {}), std::back_inserter(replies_));
    if (under_way()) abandon("the daemon stops");
}

}  // namespace basehttpd
