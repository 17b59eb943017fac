// LogPipe: the pipe to a program that takes a log's lines, and the pipe before it in which the logger lays them out.
// What is laid out goes over in one step, so that a logger that dies leaves to the next one how much of it went.
//
//     logger → staging → (splice) → pipe → the program's standard input
//
// Made by the master, which keeps all ends: lines that are in there outlive the logger as well as the program. The
// logger inherits all but the end that is read from.
#pragma once

#include <array>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"

namespace basehttpd {

struct LogPipe {
    basehttp::UniqueFd read;   ///< the program's standard input; a read from it waits
    basehttp::UniqueFd write;  ///< never waits
    basehttp::UniqueFd staging_read;
    basehttp::UniqueFd staging_write;

    static basehttp::IoResult<LogPipe> create();

    /// Bytes that the program has not read yet.
    int unread() const;

    std::vector<int> logger_fds() const { return {write.get(), staging_read.get(), staging_write.get()}; }
};

/// Bytes that wait in a pipe, of which `fd` is an end.
int bytes_in_pipe(int fd);

}  // namespace basehttpd
