// LogMemory: what loggers leave to each other: how far the rings have been read, and for each sink a queue. Owned by
// the LoggerProcess, in the master; the loggers alone have a share in it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/logs/log_progress.h"
#include "daemon/logs/sink_queue.h"
#include "daemon/process/shared_memory.h"

namespace basehttpd {

class LogMemory {
  public:
    /// For rings in so many slots.
    static basehttp::IoResult<LogMemory> create(std::size_t slots);

    /// Makes a queue for each of the sinks that has none.
    basehttp::IoResult<void> make_queues(const std::vector<std::string>& sinks);

    /// Lines that waited for a sink that is no more, and those that were lost there and nobody was told of.
    struct Leftover {
        std::string sink;
        std::uint64_t lines;
    };
    /// Drops the queues of all others. While no logger runs.
    std::vector<Leftover> keep_queues(const std::vector<std::string>& sinks);

    /// Around the fork of a logger.
    basehttp::IoResult<void> pass_on();
    basehttp::IoResult<void> hold_back();

    LogProgress& progress() { return LogProgress::in(progress_.data()); }

    /// The sink's queue, which make_queues() has made.
    SinkQueue& queue(const std::string& sink) { return SinkQueue::in(queues_.at(sink).data()); }

    std::vector<SinkReport> reports() const;

  private:
    explicit LogMemory(SharedMemory progress) : progress_(std::move(progress)) {}

    SharedMemory progress_;
    std::map<std::string, SharedMemory> queues_;  // by the sinks' names
};

}  // namespace basehttpd
