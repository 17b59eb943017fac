#include "daemon/logs/log_memory.h"

#include <algorithm>

namespace basehttpd {

basehttp::IoResult<LogMemory> LogMemory::create(std::size_t slots) {
    auto memory = SharedMemory::create(LogProgress::size_for(slots));
    if (!memory) return std::unexpected(memory.error());
    LogProgress::make(memory->data());
    return LogMemory(std::move(*memory));
}

basehttp::IoResult<void> LogMemory::make_queues(const std::vector<std::string>& sinks) {
    for (const std::string& sink : sinks) {
        if (queues_.contains(sink)) continue;
        auto memory = SharedMemory::create(sizeof(SinkQueue));
        if (!memory) return std::unexpected(memory.error());
        SinkQueue::make(memory->data());
        queues_.emplace(sink, std::move(*memory));
    }
    return {};
}

std::vector<LogMemory::Leftover> LogMemory::keep_queues(const std::vector<std::string>& sinks) {
    std::vector<Leftover> left;
    std::erase_if(queues_, [&](const auto& named) {
        const auto& [sink, memory] = named;
        if (std::ranges::find(sinks, sink) != sinks.end()) return false;
        const SinkQueue& queue = SinkQueue::in(memory.data());
        const unsigned version = progress().version();
        const std::uint64_t lines = queue.count_lines(version) + queue.untold_losses(version);
        if (lines > 0) left.push_back({sink, lines});
        return true;
    });
    return left;
}

basehttp::IoResult<void> LogMemory::pass_on() {
    auto done = progress_.pass_on();
    for (auto& [sink, memory] : queues_) {
        if (done) done = memory.pass_on();
    }
    return done;
}

basehttp::IoResult<void> LogMemory::hold_back() {
    auto done = progress_.hold_back();
    for (auto& [sink, memory] : queues_) {
        if (done) done = memory.hold_back();
    }
    return done;
}

std::vector<SinkReport> LogMemory::reports() const {
    std::vector<SinkReport> reports;
    for (const auto& [sink, memory] : queues_)
        reports.push_back(SinkQueue::in(memory.data()).report(sink));
    return reports;
}

}  // namespace basehttpd
