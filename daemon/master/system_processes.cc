#include "daemon/master/system_processes.h"

#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "basehttp/io/monotonic_clock.h"

namespace basehttpd {

basehttp::IoResult<Channel> SystemProcesses::open_channel() {
    return Channel::create();
}

basehttp::IoResult<pid_t> SystemProcesses::fork(const std::vector<int>& keep, const std::function<int()>& body) {
    return fork_child(keep, body);
}

basehttp::IoError SystemProcesses::execute(const std::string& binary, const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const std::string& word : words)
        pointers.push_back(const_cast<char*>(word.c_str()));  // execv(3) only reads them
    pointers.push_back(nullptr);
    ::execv(binary.c_str(), pointers.data());
    return {errno, "exec"};
}

basehttp::IoResult<void> SystemProcesses::kill(pid_t pid, int signal) {
    if (::kill(pid, signal) < 0) return basehttp::io_failure("kill");
    return {};
}

EventSource SystemProcesses::on_exit(pid_t child, std::function<void(ChildExit)> function) {
    return events_.on_exit(child, std::move(function));
}

EventSource SystemProcesses::on_readable(int fd, std::function<void()> function) {
    return events_.on_io(fd, EPOLLIN, [function = std::move(function)](std::uint32_t) { function(); });
}

EventSource SystemProcesses::after(std::chrono::milliseconds delay, std::function<void()> function) {
    return events_.after(delay, std::move(function));
}

std::int64_t SystemProcesses::now_ms() const {
    return basehttp::monotonic_ms();
}

}  // namespace basehttpd
