#include "daemon/master/resources.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/check/check_report.h"
#include "daemon/check/workers_identity.h"
#include "daemon/master/kept_files.h"
#include "daemon/master/kept_logs.h"
#include "daemon/process/descriptor_limit.h"

namespace basehttpd {
namespace {

using Failures = std::vector<std::string>;

// Two crews must fit beside each other, and after a reload the new one may be larger.
std::size_t slots_for(const Config& config) {
    constexpr std::size_t kLeast = 64;
    return std::max<std::size_t>(kLeast, std::size_t{4} * config.workers.count);
}

// A line and a pidfd for each worker that can be there at the same time, and what else the master opens.
rlim_t descriptors_for(std::size_t slots) {
    constexpr rlim_t kOther = 512;
    return 2 * rlim_t{slots} + kOther;
}

std::expected<Listeners, Failures> open_listeners(const Config& config, const std::optional<Inheritance>& inherited,
                                                  std::vector<PassedFile> passed) {
    std::optional<Listeners> previous;
    if (inherited) previous = Listeners::adopt(inherited->listeners, inherited->passed);
    auto listeners =
        previous ? Listeners::open(config.listen, *previous) : Listeners::open(config.listen, std::move(passed));
    if (listeners) {
        if (previous) listeners->replace(*previous);
        return std::move(*listeners);
    }
    Failures failures;
    for (const ConfigError& error : listeners.error())
        failures.push_back(headline(error));
    return std::unexpected(std::move(failures));
}

// The rings and the account of what was read of them go together; a scoreboard that is too small is of no use.
std::size_t settle_slots(MemoryFiles& files, const Config& config) {
    const std::size_t wanted = slots_for(config);
    const auto left = Scoreboard::workers_left(files);
    if (left && *left >= wanted && files.has({LogMemory::progress_file(*left + 1)})) return *left;
    files.drop_left();
    return wanted;
}

std::expected<LoggerSetup, Failures> open_logs(const Config& config) {
    LogPlan plan = LogPlan::of(config);
    auto files = LogFiles::open(plan.sinks);
    if (!files) return std::unexpected(Failures{files.error()});
    auto identity = identity_of_workers(config);
    if (!identity) return std::unexpected(Failures{identity.error()});
    return LoggerSetup{std::move(plan), std::move(*files), std::move(*identity), config.sandbox};
}

}  // namespace

std::expected<Resources, std::vector<std::string>> Resources::open(const Config& config,
                                                                   const std::optional<Inheritance>& inherited) {
    raise_descriptor_limit(descriptors_for(slots_for(config)));
    basehttp::UniqueFd logger_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    basehttp::UniqueFd accept_call(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    auto passed = take_passed_files();
    const bool has_logs = has_kept_logs(passed);
    MemoryFiles files = kept_memory(passed, config.log.survive, inherited.has_value());
    const std::size_t slots = settle_slots(files, config);
    const bool lost_logs = has_logs && files.left().empty();
    auto scoreboard = Scoreboard::create(slots, files);
    if (!logger_wake || !accept_call || !scoreboard) {
        return std::unexpected(
            Failures{"cannot make what processes share: " + basehttp::io_failure("eventfd").error().text()});
    }
    auto listeners = open_listeners(config, inherited, std::move(passed));
    if (!listeners) return std::unexpected(std::move(listeners.error()));
    auto logs = open_logs(config);
    if (!logs) {
        listeners->remove_files();
        return std::unexpected(std::move(logs.error()));
    }
    auto memory = LogMemory::create(scoreboard->size(), std::move(files));
    if (memory) {
        if (auto made = memory->make_queues(logs->plan.sink_names()); !made) memory = std::unexpected(made.error());
    }
    if (!memory) return std::unexpected(Failures{"cannot make the logs' queues: " + memory.error().text()});
    return Resources{std::move(logger_wake),
                     std::move(accept_call),
                     std::move(*scoreboard),
                     std::move(*memory),
                     std::move(*listeners),
                     std::move(*logs),
                     lost_logs};
}

}  // namespace basehttpd
