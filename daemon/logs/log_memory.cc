#include "daemon/logs/log_memory.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace basehttpd {

namespace {

constexpr std::string_view kQueuePrefix = "queue-";

struct Mapped {
    SharedMemory memory;
    bool left;
};

basehttp::IoResult<Mapped> map(MemoryFiles& files, const MemoryFiles::Wanted& wanted) {
    const auto opened = files.open(wanted);
    if (!opened) return std::unexpected(opened.error());
    auto memory = SharedMemory::map(opened->file.get(), wanted.size, SharedMemory::Access::write);
    if (!memory) return std::unexpected(memory.error());
    return Mapped{std::move(*memory), opened->left};
}

}  // namespace

// With the sink's name, for the next instance; a longer one is cut, and means nothing there.
struct LogMemory::NamedQueue {
    std::array<std::byte, sizeof(SinkQueue)> queue;
    std::array<char, 4096> name;

    static MemoryFiles::Wanted file(std::string name) { return {std::move(name), sizeof(NamedQueue)}; }
    static NamedQueue& in(std::byte* memory) { return *reinterpret_cast<NamedQueue*>(memory); }

    void set_name(std::string_view text) { text.copy(name.data(), name.size()); }
    std::string get_name() const { return {name.data(), ::strnlen(name.data(), name.size())}; }
};

MemoryFiles::Wanted LogMemory::progress_file(std::size_t slots) {
    return {"progress", LogProgress::size_for(slots)};
}

basehttp::IoResult<LogMemory> LogMemory::create(std::size_t slots, MemoryFiles files) {
    auto progress = map(files, progress_file(slots));
    if (!progress) return std::unexpected(progress.error());
    if (!progress->left) LogProgress::make(progress->memory.data());
    LogMemory memory(std::move(files), std::move(progress->memory));
    if (auto taken = memory.take_left_queues(); !taken) return std::unexpected(taken.error());
    return memory;
}

basehttp::IoResult<void> LogMemory::take_left_queues() {
    for (const std::string& file : files_.left()) {
        if (!file.starts_with(kQueuePrefix) || !files_.has({NamedQueue::file(file)})) continue;
        auto mapped = map(files_, NamedQueue::file(file));
        if (!mapped) return std::unexpected(mapped.error());
        const std::string sink = NamedQueue::in(mapped->memory.data()).get_name();
        queues_.emplace(sink, Queue{std::move(mapped->memory), file});
    }
    files_.drop_left();
    return {};
}

std::string LogMemory::unused_file_name() const {
    const auto is_used = [this](const std::string& name) {
        return std::ranges::any_of(queues_, [&name](const auto& each) { return each.second.file == name; });
    };
    for (unsigned number = 0;; ++number) {
        if (std::string name = std::string(kQueuePrefix) + std::to_string(number); !is_used(name)) return name;
    }
}

basehttp::IoResult<void> LogMemory::make_queues(const std::vector<std::string>& sinks) {
    for (const std::string& sink : sinks) {
        if (queues_.contains(sink)) continue;
        const std::string file = unused_file_name();
        auto mapped = map(files_, NamedQueue::file(file));
        if (!mapped) return std::unexpected(mapped.error());
        SinkQueue::make(mapped->memory.data());
        NamedQueue::in(mapped->memory.data()).set_name(sink);
        queues_.emplace(sink, Queue{std::move(mapped->memory), file});
    }
    return {};
}

std::vector<LogMemory::Leftover> LogMemory::keep_queues(const std::vector<std::string>& sinks) {
    std::vector<Leftover> left;
    std::erase_if(queues_, [&](const auto& named) {
        const auto& [sink, kept] = named;
        if (std::ranges::find(sinks, sink) != sinks.end()) return false;
        const SinkQueue& queue = SinkQueue::in(kept.memory.data());
        const unsigned version = progress().version();
        const std::uint64_t lines = queue.count_lines(version) + queue.untold_losses(version);
        if (lines > 0) left.push_back({sink, lines});
        files_.drop(kept.file);
        return true;
    });
    return left;
}

basehttp::IoResult<void> LogMemory::pass_on() {
    auto done = progress_.pass_on();
    for (auto& [sink, queue] : queues_) {
        if (done) done = queue.memory.pass_on();
    }
    return done;
}

basehttp::IoResult<void> LogMemory::hold_back() {
    auto done = progress_.hold_back();
    for (auto& [sink, queue] : queues_) {
        if (done) done = queue.memory.hold_back();
    }
    return done;
}

std::vector<SinkReport> LogMemory::reports() const {
    std::vector<SinkReport> reports;
    for (const auto& [sink, queue] : queues_)
        reports.push_back(SinkQueue::in(queue.memory.data()).report(sink));
    return reports;
}

}  // namespace basehttpd
