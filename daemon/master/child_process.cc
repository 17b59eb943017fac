#include "daemon/master/child_process.h"

#include <signal.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "daemon/master/respawn.h"

namespace basehttpd {

basehttp::IoResult<void> ChildProcess::start(std::vector<int> keep, const std::function<int(int channel)>& body,
                                             OnEnd on_end) {
    auto channel = processes_.open_channel();
    if (!channel) return std::unexpected(channel.error());
    const int child_end = channel->child_end.get();
    keep.push_back(child_end);
    const auto pid = processes_.fork(keep, [body, child_end] { return body(child_end); });
    if (!pid) return std::unexpected(pid.error());
    channel_ = std::move(channel->master_end);
    return watch_or_end(*pid, std::move(on_end));
}

basehttp::IoResult<void> ChildProcess::start_without_line(const std::vector<int>& keep,
                                                          const std::function<int()>& body, OnEnd on_end) {
    const auto pid = processes_.fork(keep, body);
    if (!pid) return std::unexpected(pid.error());
    return watch_or_end(*pid, std::move(on_end));
}

// A child that nobody watches must not live: where no descriptor is left for that, it is as if the fork had failed.
basehttp::IoResult<void> ChildProcess::watch_or_end(pid_t pid, OnEnd on_end) {
    try {
        watch(pid, std::move(on_end));
        return {};
    } catch (const std::system_error& error) {
        [[maybe_unused]] const auto killed = kill();
        forget();
        return std::unexpected(basehttp::IoError{error.code().value(), "pidfd_open"});
    }
}

void ChildProcess::adopt(pid_t pid, basehttp::UniqueFd channel, OnEnd on_end) {
    channel_ = std::move(channel);
    watch(pid, std::move(on_end));
}

void ChildProcess::watch(pid_t pid, OnEnd on_end) {
    pid_ = pid;
    started_ms_ = processes_.now_ms();
    on_end_ = std::move(on_end);
    exit_source_ = processes_.on_exit(pid, [this](ChildExit how) { on_exit(how); });
}

void ChildProcess::forget() {
    pid_ = 0;
    on_end_ = {};
    exit_source_ = {};
    channel_source_ = {};
    channel_.reset();
}

void ChildProcess::on_exit(ChildExit how) {
    const End end{pid_, how, young()};
    const OnEnd on_end = std::move(on_end_);
    forget();
    on_end(end);
}

bool ChildProcess::young() const {
    return processes_.now_ms() - started_ms_ < kYoung.count();
}

basehttp::IoResult<void> ChildProcess::on_message(std::function<void(char)> function) {
    on_message_ = std::move(function);
    try {
        channel_source_ = processes_.on_readable(channel_.get(), [this] { read_message(); });
        return {};
    } catch (const std::system_error& error) {
        return std::unexpected(basehttp::IoError{error.code().value(), "epoll_ctl"});
    }
}

void ChildProcess::read_message() {
    char message = 0;
    const ssize_t got = ::recv(channel_.get(), &message, 1, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        channel_source_ = {};  // on_exit() follows
        return;
    }
    const auto function = on_message_;
    function(message);
}

void ChildProcess::tell(char message) const {
    if (channel_) send_message(channel_.get(), message);
}

void ChildProcess::give(char message, std::string_view name, int file) const {
    if (channel_) send_file(channel_.get(), message, name, file);
}

basehttp::IoResult<void> ChildProcess::signal(int number) const {
    if (pid_ == 0) return {};
    auto sent = processes_.kill(pid_, number);
    if (!sent && sent.error().code == ESRCH) return {};
    return sent;
}

basehttp::IoResult<void> ChildProcess::signal_group(int number) const {
    if (pid_ != 0 && processes_.kill(-pid_, number)) return {};
    return signal(number);
}

basehttp::IoResult<void> ChildProcess::kill() const {
    auto sent = signal(SIGKILL);
    if (!sent) tell(message::kEnd);
    return sent;
}

}  // namespace basehttpd
