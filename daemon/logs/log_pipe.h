// LogPipe: the pipe to a program that takes a log's lines, and the pipe before it in which the logger lays them out.
// What is laid out goes over in one step, so that a logger that dies leaves to the next one how much of it went.
//
//     logger → staging → (splice) → pipe → the program's standard input
//
// Made by the master, which keeps all ends: lines that are in there outlive the logger as well as the program. The
// logger inherits all but the end that is read from.
#pragma once

#include <optional>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/logs/line_trace.h"
#include "daemon/process/shared_memory.h"

namespace basehttpd {

struct LogPipe {
    basehttp::UniqueFd read;   ///< the program's standard input; a read from it waits
    basehttp::UniqueFd write;  ///< never waits
    basehttp::UniqueFd staging_read;
    basehttp::UniqueFd staging_write;
    std::optional<SharedMemory> trace_memory;  ///< none where it comes from an earlier binary

    static basehttp::IoResult<LogPipe> create();

    /// Bytes that the program has not read yet.
    std::size_t unread() const;

    /// Those of them before the next line begins; nothing where nobody can tell at the moment.
    std::optional<std::size_t> rest_of_line() const;

    LineTrace& trace() const { return *reinterpret_cast<LineTrace*>(trace_memory->data()); }

    std::vector<int> logger_fds() const { return {write.get(), staging_read.get(), staging_write.get()}; }
};

/// Bytes that wait in a pipe, of which `fd` is an end.
std::size_t bytes_in_pipe(int fd);

}  // namespace basehttpd
