// ChildProcess: a child as the master sees it: its pid, the line to it, when it was started, how it is told or made
// to end. Workers, the logger, log programs, what an upgrade has left and the check before one are each one of these.
// When a child is started again is Respawn's business.
//
//     none → start(), adopt() → running → (it ends) → none
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "basehttp/io/unique_fd.h"
#include "daemon/master/processes.h"

namespace basehttpd {

class ChildProcess {
  public:
    /// What has become of one; `young`: it lived for less than a second, and so has not proved that it can.
    struct End {
        pid_t pid;
        ChildExit how;
        bool young;
    };
    using OnEnd = std::function<void(End)>;

    explicit ChildProcess(Processes& processes) : processes_(processes) {}
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Forks. The child keeps its end of the line, which `body` is given, and `keep`. `on_end` may destroy this.
    basehttp::IoResult<void> start(std::vector<int> keep, const std::function<int(int channel)>& body, OnEnd on_end);

    /// The same for a child that has no line to the master.
    basehttp::IoResult<void> start_without_line(const std::vector<int>& keep, const std::function<int()>& body,
                                                OnEnd on_end);

    /// Goes on with one that an earlier binary has started; without a line where `channel` is none.
    void adopt(pid_t pid, basehttp::UniqueFd channel, OnEnd on_end);

    /// Calls `function` with each message that the child sends. It may destroy this.
    basehttp::IoResult<void> on_message(std::function<void(char)> function);

    /// Sends a message; a child that is gone, or has no line, does not get it.
    void tell(char message) const;

    /// The same with a name and a file.
    void give(char message, std::string_view name, int file) const;

    /// Sends a signal. No error where there is no child, or it has just ended.
    basehttp::IoResult<void> signal(int number) const;

    /// To its process group, where it has made itself the leader of one; else to it alone.
    basehttp::IoResult<void> signal_group(int number) const;

    /// Ends it at once: by SIGKILL, and by a message where that is refused, which a child obeys as soon as it looks
    /// at its line. The error is why no signal could be sent.
    basehttp::IoResult<void> kill() const;

    /// Leaves it to itself: the line to it is closed, and nobody is told of its end.
    void forget();

    bool running() const { return pid_ != 0; }
    pid_t pid() const { return pid_; }
    int channel() const { return channel_.get(); }
    bool young() const;

  private:
    basehttp::IoResult<void> watch_or_end(pid_t pid, OnEnd on_end);
    void watch(pid_t pid, OnEnd on_end);
    void on_exit(ChildExit how);
    void read_message();

    Processes& processes_;
    pid_t pid_ = 0;
    std::int64_t started_ms_ = 0;
    basehttp::UniqueFd channel_;
    OnEnd on_end_;
    std::function<void(char)> on_message_;
    EventSource exit_source_;
    EventSource channel_source_;
};

}  // namespace basehttpd
