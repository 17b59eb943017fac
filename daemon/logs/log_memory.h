// LogMemory: what loggers leave to each other: how far the rings have been read, and for each sink a queue. Owned by
// the LoggerProcess, in the master; the loggers alone have a share in it. It may come from an earlier instance whose
// processes were all killed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/logs/log_progress.h"
#include "daemon/logs/sink_queue.h"
#include "daemon/process/memory_files.h"
#include "daemon/process/shared_memory.h"

namespace basehttpd {

class LogMemory {
  public:
    /// For rings in so many slots, in memory of `files`. What was left there of an instance with as many slots is
    /// gone on with.
    static basehttp::IoResult<LogMemory> create(std::size_t slots, MemoryFiles files = {});

    /// What create() needs of that instance: without it, the rings that it left are worth nothing.
    static MemoryFiles::Wanted progress_file(std::size_t slots);

    /// Makes a queue for each of the sinks that has none.
    basehttp::IoResult<void> make_queues(const std::vector<std::string>& sinks);

    /// Lines that waited for a sink that is no more, and those that were lost there and nobody was told of.
    struct Leftover {
        std::string sink;
        std::uint64_t lines;
    };
    /// Drops the queues of all others. While no logger runs.
    std::vector<Leftover> keep_queues(const std::vector<std::string>& sinks);

    /// Nothing of it is wanted by another instance.
    void forget() { files_.drop_all(); }

    /// Around the fork of a logger.
    basehttp::IoResult<void> pass_on();
    basehttp::IoResult<void> hold_back();

    LogProgress& progress() { return LogProgress::in(progress_.data()); }

    /// The sink's queue, which make_queues() has made.
    SinkQueue& queue(const std::string& sink) { return SinkQueue::in(queues_.at(sink).memory.data()); }

    std::vector<SinkReport> reports() const;

  private:
    struct NamedQueue;
    struct Queue {
        SharedMemory memory;
        std::string file;
    };

    LogMemory(MemoryFiles files, SharedMemory progress) : files_(std::move(files)), progress_(std::move(progress)) {}

    basehttp::IoResult<void> take_left_queues();
    std::string unused_file_name() const;

    MemoryFiles files_;
    SharedMemory progress_;
    std::map<std::string, Queue> queues_;  // by the sinks' names
};

}  // namespace basehttpd
