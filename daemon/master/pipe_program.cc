#include "daemon/master/pipe_program.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <stdlib.h>

#include "basehttp/io/monotonic_clock.h"
#include "daemon/master/respawn_delay.h"
#include "daemon/process/child.h"
#include "daemon/process/signals.h"
#include "daemon/text/command_words.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

// How long a program may take to read what is left, and then to follow SIGTERM.
constexpr milliseconds kPatience{5000};
constexpr milliseconds kLastPatience{1000};

// The program's files are logs as well: their group may read them.
constexpr mode_t kUmask = 0027;

// What a service manager means for the daemon alone.
constexpr const char* kDaemonsOwn[] = {"NOTIFY_SOCKET",  "LISTEN_FDS",   "LISTEN_PID",
                                       "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC"};

// They are there: nobody else reads.
void drop(int fd, std::size_t bytes) {
    std::array<char, 4096> dropped;
    while (bytes > 0) {
        const ssize_t some = ::read(fd, dropped.data(), std::min(bytes, dropped.size()));
        if (some <= 0) return;
        bytes -= static_cast<std::size_t>(some);
    }
}

}  // namespace

void PipeProgram::start() {
    constexpr unsigned kTries = 100;
    start_aligned(kTries);
}

// A logger that is just laying out lines is done with that in no time, or dead and soon replaced.
void PipeProgram::start_aligned(unsigned tries) {
    const auto rest = pipe_.rest_of_line();
    if (rest || tries == 0) {
        fork_program(rest.value_or(0));
    } else {
        restart_timer_ = events_.after(milliseconds(1), [this, tries] { start_aligned(tries - 1); });
    }
}

void PipeProgram::fork_program(std::size_t skip) {
    constexpr milliseconds kRetry{500};
    restart_timer_ = {};
    // Programs open /dev/stdin anew, which the pipe's mode allows to its owner.
    if (command_.identity) {
        [[maybe_unused]] const int owned = ::fchown(pipe_.read.get(), command_.identity->uid, command_.identity->gid);
    }
    const auto pid = fork_child({pipe_.read.get()}, [this, skip]() -> int { execute(skip); });
    if (!pid) {
        restart_timer_ = events_.after(kRetry, [this] { start(); });
        return;
    }
    watch(*pid);
    started_ms_ = basehttp::monotonic_ms();
    if (young_deaths_ > 1) life_timer_ = events_.after(milliseconds(kYoungMs), [this] { tell_life(); });
}

// The child's side. A session of its own: what it starts can be ended with it.
void PipeProgram::execute(std::size_t skip) const {
    constexpr int kCannotRun = 127;
    drop(pipe_.read.get(), skip);
    ::dup2(pipe_.read.get(), STDIN_FILENO);
    ::setsid();
    ::umask(kUmask);
    restore_signals();
    for (const char* variable : kDaemonsOwn)
        ::unsetenv(variable);
    if (command_.identity) become(*command_.identity).value();
    forbid_new_privileges().value();
    const std::string program = find_program(command_.words.front());
    std::vector<char*> words;
    for (const std::string& word : command_.words)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    errno = ENOENT;
    if (!program.empty()) ::execv(program.c_str(), words.data());
    const std::string reason = std::generic_category().message(errno);
    std::fprintf(stderr, "basehttpd: cannot run %s: %s\n", command_.words.front().c_str(), reason.c_str());
    ::_exit(kCannotRun);
}

void PipeProgram::adopt(pid_t pid) {
    if (pid == 0) {
        start();
    } else {
        watch(pid);
    }
}

void PipeProgram::watch(pid_t pid) {
    pid_ = pid;
    exit_source_ = events_.on_exit(pid, [this](ChildExit how) { on_exit(how); });
}

void PipeProgram::on_exit(ChildExit how) {
    const pid_t pid = std::exchange(pid_, 0);
    exit_source_ = {};
    life_timer_ = {};
    const bool young = basehttp::monotonic_ms() - started_ms_ < kYoungMs;
    young_deaths_ = young ? young_deaths_ + 1 : 0;
    if (on_ended_ && (given_up_ || pipe_.unread() == 0)) {
        finish();
        return;
    }
    if (input_has_ended()) return;  // end() follows
    ::kill(-pid, SIGTERM);          // what it has left behind would share the pipe with the next one
    tell_death(pid, how);
    restart_timer_ = events_.after(respawn_delay(young_deaths_), [this] { start(); });
}

// Nobody can write any more: the logger from before an upgrade has left, and its exit has not been looked at yet.
bool PipeProgram::input_has_ended() const {
    pollfd input{pipe_.read.get(), POLLIN, 0};
    return pipe_.unread() == 0 && ::poll(&input, 1, 0) == 1 && (input.revents & POLLHUP) != 0;
}

// Each death of one that has lived, and of a series the first two.
void PipeProgram::tell_death(pid_t pid, ChildExit how) {
    if (young_deaths_ > 2) return;
    const std::string_view then = young_deaths_ == 2
                                      ? "; it dies again and again, and is started after delays that grow to 30 s"
                                      : "; it is started again";
    log_.error(Severity::error, fmt::format("log program '{}' (pid {}) {}{}", command_.text, pid, how.text(), then));
}

void PipeProgram::tell_life() {
    log_.error(Severity::notice, fmt::format("log program '{}' (pid {}) runs again", command_.text, pid_));
}

void PipeProgram::end(std::function<void()> on_ended) {
    on_ended_ = std::move(on_ended);
    pipe_.write.reset();
    end_timer_ = events_.after(kPatience, [this] { run_out_of_patience(); });
    if (pid_ == 0 && pipe_.unread() > 0) {
        start();
    } else if (pid_ == 0) {
        restart_timer_ = {};
        end_timer_ = events_.after(milliseconds::zero(), [this] { finish(); });
    }
}

void PipeProgram::run_out_of_patience() {
    given_up_ = true;
    if (pid_ == 0) {
        finish();
        return;
    }
    log_.error(Severity::warning,
               fmt::format("log program '{}' (pid {}) does not end at the end of its input", command_.text, pid_));
    send_signal(SIGTERM);
    end_timer_ = events_.after(kLastPatience, [this] { send_signal(SIGKILL); });
}

// To all that it has started, too. One that was forked just now may have no session yet.
void PipeProgram::send_signal(int signal) const {
    if (pid_ != 0 && ::kill(-pid_, signal) < 0) ::kill(pid_, signal);
}

void PipeProgram::finish() {
    if (const std::size_t left = pipe_.unread(); left > 0) {
        log_.error(Severity::error, fmt::format("{} bytes of log lines are lost: log program '{}' has not read them",
                                                left, command_.text));
    }
    const auto on_ended = std::move(on_ended_);
    on_ended();
}

}  // namespace basehttpd
