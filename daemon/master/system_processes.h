// SystemProcesses: Processes by system calls and the master's event loop.
#pragma once

#include "daemon/master/processes.h"
#include "daemon/master/sd_event.h"

namespace basehttpd {

class SystemProcesses final : public Processes {
  public:
    explicit SystemProcesses(SdEvent& events) : events_(events) {}

    basehttp::IoResult<Channel> open_channel() override;
    basehttp::IoResult<pid_t> fork(const std::vector<int>& keep, const std::function<int()>& body) override;
    basehttp::IoError execute(const std::string& binary, const std::vector<std::string>& words) override;
    basehttp::IoResult<void> kill(pid_t pid, int signal) override;
    EventSource on_exit(pid_t child, std::function<void(ChildExit)> function) override;
    EventSource on_readable(int fd, std::function<void()> function) override;
    EventSource after(std::chrono::milliseconds delay, std::function<void()> function) override;
    std::int64_t now_ms() const override;

  private:
    SdEvent& events_;
};

}  // namespace basehttpd
