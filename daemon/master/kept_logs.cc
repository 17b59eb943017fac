#include "daemon/master/kept_logs.h"

#include <signal.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "daemon/master/death_report.h"

namespace basehttpd {
namespace {

constexpr std::string_view kPrefix = "log-";

// Another version may see the memory differently.
constexpr std::string_view kOwnPrefix = "log-" BASEHTTPD_VERSION "-";

std::string kept_name(const std::string& name) {
    return std::string(kOwnPrefix) + name;
}

}  // namespace

bool has_kept_logs(const std::vector<PassedFile>& passed) {
    return std::ranges::any_of(passed, [](const PassedFile& each) { return each.name.starts_with(kPrefix); });
}

MemoryFiles kept_memory(std::vector<PassedFile>& passed, bool survives, bool anew) {
    std::map<std::string, basehttp::UniqueFd> left;
    std::erase_if(passed, [&left](PassedFile& each) {
        if (!each.name.starts_with(kPrefix)) return false;
        if (each.name.starts_with(kOwnPrefix)) {
            left.emplace(each.name.substr(kOwnPrefix.size()), std::move(each.file));
        } else {
            forget_file(each.name);
        }
        return true;
    });
    const auto on_open = [survives, anew](const std::string& name, int file, bool was_left) {
        if (anew || !survives) forget_file(kept_name(name));
        if (survives && !was_left) keep_file(kept_name(name), file);
    };
    return {std::move(left), {on_open, [](const std::string& name) { forget_file(kept_name(name)); }}};
}

void report_lost_workers(Scoreboard& scoreboard, const Config& config, int logger_wake, basehttp::Log& log) {
    const auto lost = scoreboard.lost_workers();
    if (lost.empty()) return;
    log.error(
        basehttp::Severity::error,
        fmt::format("all processes of an earlier instance had been killed, {} workers among them; the lines that "
                    "were on their way to the logs are written now",
                    lost.size()));
    for (const auto& [slot, pid] : lost) {
        const Death death{.slot = slot,
                          .pid = pid,
                          .how = {.by_signal = true, .value = SIGKILL},
                          .before_ready = false,
                          .wanted = false};
        bury(death, {scoreboard, config, logger_wake, log});
        scoreboard.release_slot(slot);
    }
}

}  // namespace basehttpd
