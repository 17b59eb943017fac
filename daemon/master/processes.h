// Processes: what the supervision of children needs of the system, in one place: forks and exec, the lines to
// children, signals to them, their ends, and the clock with its timers. SystemProcesses is the real one; the unit
// tests script theirs. Runs in the master.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "basehttp/io/io_result.h"
#include "daemon/master/child_exit.h"
#include "daemon/master/event_source.h"
#include "daemon/process/child.h"

namespace basehttpd {

class Processes {
  public:
    virtual ~Processes() = default;

    virtual basehttp::IoResult<Channel> open_channel() = 0;

    /// As fork_child().
    virtual basehttp::IoResult<pid_t> fork(const std::vector<int>& keep, const std::function<int()>& body) = 0;

    /// Executes `binary` in the place of this process; the first of `words` is its name. Comes back only where that
    /// fails.
    virtual basehttp::IoError execute(const std::string& binary, const std::vector<std::string>& words) = 0;

    /// As kill(2); a negative pid is a process group.
    virtual basehttp::IoResult<void> kill(pid_t pid, int signal) = 0;

    /// Calls back once when the child has ended; it is reaped.
    virtual EventSource on_exit(pid_t child, std::function<void(ChildExit)> function) = 0;

    /// Calls back while there is something to read from `fd`.
    virtual EventSource on_readable(int fd, std::function<void()> function) = 0;

    /// Calls back once, `delay` from now.
    virtual EventSource after(std::chrono::milliseconds delay, std::function<void()> function) = 0;

    /// Of a clock that is never set.
    virtual std::int64_t now_ms() const = 0;
};

}  // namespace basehttpd
