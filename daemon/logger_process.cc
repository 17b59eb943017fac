#include "daemon/logger_process.h"

#include <signal.h>

#include <cstdlib>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "daemon/child.h"
#include "daemon/logger.h"
#include "daemon/process_title.h"

namespace basehttpd {

void LoggerProcess::use(LogConfig config, LogFiles files, std::optional<Identity> identity,
                        std::function<void()> on_taken_over) {
    setup_ = {std::move(config), std::move(files), std::move(identity)};
    // Where another call has not been served yet, this one serves it.
    if (on_taken_over) on_taken_over_ = std::move(on_taken_over);
    if (pid_ == 0) {
        start_again();
        return;
    }
    handing_over_ = true;
    send_message(channel_.get(), message::kHandOver);
}

void LoggerProcess::stop(std::function<void()> on_stopped) {
    constexpr std::chrono::milliseconds kLongest{5000};
    on_stopped_ = std::move(on_stopped);
    stop_timer_ = events_.after(kLongest, [this] { kill(); });
    if (handing_over_) return;
    if (pid_ == 0) start_again();  // what the rings hold must be written by somebody
    if (pid_ == 0) {
        on_stopped_();
        return;
    }
    send_message(channel_.get(), message::kStop);
}

void LoggerProcess::kill() {
    last_try_ = true;
    if (pid_ != 0) ::kill(pid_, SIGKILL);
}

void LoggerProcess::start_again() {
    restart_timer_ = {};
    fork_logger();
    if (pid_ != 0 && on_taken_over_) std::exchange(on_taken_over_, nullptr)();
}

void LoggerProcess::fork_logger() {
    constexpr std::chrono::milliseconds kRetry{1000};
    auto channel = Channel::create();
    if (!channel) throw std::system_error(channel.error().code, std::generic_category(), "logger: socketpair");
    std::vector<int> keep = setup_.files.fds();
    keep.insert(keep.end(), {wake_fd_, channel->child_end.get()});
    const int channel_fd = channel->child_end.get();
    const auto pid = fork_child(keep, [this, channel_fd] {
        set_process_title("logger");
        if (setup_.identity) become(*setup_.identity).value();
        forbid_new_privileges().value();
        return Logger(setup_.config, setup_.files, scoreboard_, wake_fd_, channel_fd).run();
    });
    if (!pid) {
        restart_timer_ = events_.after(kRetry, [this] { start_again(); });
        return;
    }
    pid_ = *pid;
    started_ms_ = Scoreboard::now_ms();
    channel_ = std::move(channel->master_end);
    exit_source_ = events_.on_exit(pid_, [this](ChildExit how) { on_exit(how); });
}

void LoggerProcess::on_exit(ChildExit how) {
    constexpr std::int64_t kYoungMs = 1000;
    constexpr std::chrono::milliseconds kDelay{100};
    const pid_t pid = std::exchange(pid_, 0);
    const bool handed_over = std::exchange(handing_over_, false) && how.clean();
    exit_source_ = {};
    if (!how.clean()) {
        log_.error(basehttp::Severity::error, fmt::format("logger (pid {}) {}; another takes over", pid, how.text()));
    }
    if (on_stopped_) {
        const bool done = (how.clean() && !handed_over) || std::exchange(last_try_, true);
        done ? on_stopped_() : stop(std::move(on_stopped_));
        return;
    }
    const bool died_young = !handed_over && Scoreboard::now_ms() - started_ms_ < kYoungMs;
    if (died_young) {
        restart_timer_ = events_.after(kDelay, [this] { start_again(); });
    } else {
        start_again();
    }
}

}  // namespace basehttpd
