// The master's reload: see master.h.
#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/check/check_report.h"
#include "daemon/check/config_check.h"
#include "daemon/config/config_diff.h"
#include "daemon/config/config_reader.h"
#include "daemon/master/master.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/privileges.h"

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

void Master::reload(Reply reply) {
    if (stopping_) {
        if (reply) reply({kExitUnavailable, "the daemon stops"});
        return;
    }
    if (reply) (reload_ ? next_replies_ : reload_replies_).push_back(std::move(reply));
    if (reload_) {
        reload_again_ = true;
        return;
    }
    service_manager_.reloading();
    if (config_file_.empty()) {
        refuse_reload(kExitConfig, "this server runs without a configuration file");
        return;
    }
    auto config = read_config(config_file_);
    const auto errors = config ? check_config(*config, ConfigOrigin::file) : std::move(config.error());
    if (has_error(errors)) {
        refuse_reload(kExitConfig, errors);
        return;
    }
    begin_reload(std::move(*config));
}

void Master::begin_reload(Config config) {
    if (const std::size_t room = crews_.room(); config.workers.count > room) {
        refuse_reload(
            kExitUnavailable,
            fmt::format("workers.count is {}, and there is room for {} more workers beside those that run; a "
                        "restart makes room",
                        config.workers.count, room));
        return;
    }
    auto listeners = Listeners::open(config.listen, &crews_.serving().listeners());
    if (!listeners) {
        refuse_reload(kExitUnavailable, listeners.error());
        return;
    }
    const auto identity = identity_of_children(config);
    if (!identity) {
        refuse_reload(kExitConfig, identity.error());
        return;
    }
    LogPlan plan = LogPlan::of(config);
    if (auto prepared = logger_.prepare(plan, *identity); !prepared) {
        refuse_reload(kExitUnavailable, "cannot make the logs' queues: " + prepared.error().text());
        return;
    }
    auto files = LogFiles::open(plan.sinks);
    if (!files) {
        refuse_reload(kExitUnavailable, files.error());
        return;
    }
    reload_.emplace(Reload{std::move(plan), std::move(*files), *identity});
    crews_.start_next(std::move(config), std::move(*listeners), *identity,
                      {[this] { finish_reload(); },
                       [this] { abandon_reload("no worker could start with the new configuration"); }});
}

void Master::finish_reload() {
    Reload done = std::move(*reload_);
    reload_.reset();
    const Verdict verdict =
        applied(crews_.serving().config(), crews_.next().config(), crews_.serving().listeners().passed());
    logger_.use({std::move(done.plan), std::move(done.files), done.identity});
    crews_.take_over();
    poison_.clear();
    log_.set_longest_wait(longest_ring_wait(crews_.serving().config()));
    log_lines(log_, Severity::notice, verdict.text);
    end_reload(verdict, "applied");
}

void Master::abandon_reload(const std::string& reason) {
    reload_.reset();
    crews_.drop_next();
    refuse_reload(kExitUnavailable, reason);
}

void Master::refuse_reload(int code, const std::vector<ConfigError>& errors) {
    for (const ConfigError& error : errors)
        log_.error(Severity::error, headline(error));
    const auto first = std::ranges::find(errors, ConfigError::Kind::error, &ConfigError::kind);
    const std::string count = errors.size() == 1 ? "" : fmt::format("{} errors, the first is ", errors.size());
    refuse_reload(code, count + headline(*first), render(errors));
}

void Master::refuse_reload(int code, const std::string& reason, const std::string& details) {
    const std::string summary = "refused, nothing has changed: " + reason;
    log_.error(stopping_ ? Severity::notice : Severity::error, "reload " + summary);
    const std::string text = details.empty() ? reason : details;
    end_reload({code, "reload refused, nothing has changed:\n" + text}, summary);
}

void Master::end_reload(const Verdict& verdict, const std::string& summary) {
    for (const Reply& reply : std::exchange(reload_replies_, std::exchange(next_replies_, {})))
        reply(verdict);
    status_.note_reload(summary);
    if (stopping_) return;
    service_manager_.ready(status_.line());
    if (std::exchange(reload_again_, false)) reload();
}

}  // namespace basehttpd
