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

#include "daemon/process/descriptor_limit.h"
#include "daemon/process/passed_environment.h"
#include "daemon/process/signals.h"
#include "daemon/process/stop_times.h"
#include "daemon/text/command_words.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

// The program's files are logs as well: their group may read them.
constexpr mode_t kUmask = 0027;

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
        alignment_timer_ = processes_.after(milliseconds(1), [this, tries] { start_aligned(tries - 1); });
    }
}

void PipeProgram::fork_program(std::size_t skip) {
    alignment_timer_ = {};
    // Programs open /dev/stdin anew, which the pipe's mode allows to its owner.
    if (command_.identity) {
        [[maybe_unused]] const int owned = ::fchown(pipe_.read.get(), command_.identity->uid, command_.identity->gid);
    }
    const auto forked = child_.start_without_line(
        {pipe_.read.get()}, [this, skip]() -> int { execute(skip); }, [this](ChildProcess::End end) { on_end(end); });
    if (!forked) {
        if (respawn_.retry())
            log_.error(Severity::error,
                       fmt::format("log program '{}' cannot be started: {}; trying again every 500 ms", command_.text,
                                   forked.error().text()));
        return;
    }
    respawn_.started();
    if (respawn_.young_deaths() > 1) life_timer_ = processes_.after(kYoung, [this] { tell_life(); });
}

// The child's side. A session of its own: what it starts can be ended with it.
void PipeProgram::execute(std::size_t skip) const {
    constexpr int kCannotRun = 127;
    drop(pipe_.read.get(), skip);
    ::dup2(pipe_.read.get(), STDIN_FILENO);
    ::setsid();
    ::umask(kUmask);
    restore_signals();
    restore_descriptor_limit();
    give_up_privileges(command_.identity).value();
    const std::string program = find_program(command_.words.front());
    std::vector<char*> words;
    for (const std::string& word : command_.words)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    errno = ENOENT;
    if (!program.empty()) ::execve(program.c_str(), words.data(), passed_environment().data());
    const std::string reason = std::generic_category().message(errno);
    std::fprintf(stderr, "basehttpd: cannot run %s: %s\n", command_.words.front().c_str(), reason.c_str());
    ::_exit(kCannotRun);
}

void PipeProgram::adopt(pid_t pid) {
    if (pid == 0) {
        start();
    } else {
        child_.adopt(pid, {}, [this](ChildProcess::End end) { on_end(end); });
    }
}

void PipeProgram::on_end(ChildProcess::End end) {
    life_timer_ = {};
    respawn_.count(end.young);
    if (on_ended_ && (given_up_ || pipe_.unread() == 0)) {
        finish();
        return;
    }
    if (input_has_ended()) return;  // end() follows
    end_leftovers(end.pid);
    tell_death(end);
    respawn_.schedule();
}

// What it has left behind would share the pipe with the next one.
void PipeProgram::end_leftovers(pid_t leader) {
    const auto ended = processes_.kill(-leader, SIGTERM);
    if (ended || ended.error().code == ESRCH) return;
    log_.error(Severity::warning, fmt::format("processes that log program '{}' (pid {}) has started cannot be "
                                              "killed, and may take lines from the next one: {}",
                                              command_.text, leader, ended.error().text()));
}

// Nobody can write any more: the logger from before an upgrade has left, and its exit has not been looked at yet.
bool PipeProgram::input_has_ended() const {
    pollfd input{pipe_.read.get(), POLLIN, 0};
    return pipe_.unread() == 0 && ::poll(&input, 1, 0) == 1 && (input.revents & POLLHUP) != 0;
}

// Each death of one that has lived, and of a series the first two.
void PipeProgram::tell_death(ChildProcess::End end) {
    if (respawn_.young_deaths() > 2) return;
    const std::string_view then = respawn_.young_deaths() == 2
                                      ? "; it keeps failing, so it is restarted after delays of up to 30 s"
                                      : "; it is restarted";
    log_.error(Severity::error,
               fmt::format("log program '{}' (pid {}) {}{}", command_.text, end.pid, end.how.text(), then));
}

void PipeProgram::tell_life() {
    log_.error(Severity::notice, fmt::format("log program '{}' (pid {}) runs again", command_.text, child_.pid()));
}

void PipeProgram::end(std::function<void()> on_ended) {
    on_ended_ = std::move(on_ended);
    pipe_.write.reset();
    end_timer_ = processes_.after(kProgramPatience, [this] { run_out_of_patience(); });
    if (child_.running()) return;
    if (pipe_.unread() > 0) {
        respawn_.cancel();
        start();
    } else {
        respawn_.cancel();
        alignment_timer_ = {};
        end_timer_ = processes_.after(milliseconds::zero(), [this] { finish(); });
    }
}

// Signals reach all that it has started, too. One that was forked just now may have no session yet.
void PipeProgram::run_out_of_patience() {
    given_up_ = true;
    if (!child_.running()) {
        finish();
        return;
    }
    const auto told = child_.signal_group(SIGTERM);
    const std::string then = told ? "" : ", and cannot be told to: " + told.error().text();
    log_.error(Severity::warning, fmt::format("log program '{}' (pid {}) does not exit at the end of its input{}",
                                              command_.text, child_.pid(), then));
    end_timer_ = processes_.after(kProgramTermPatience, [this] {
        [[maybe_unused]] const auto killed = child_.signal_group(SIGKILL);
        end_timer_ = processes_.after(kLastPatience, [this] { leave_behind(); });
    });
}

void PipeProgram::leave_behind() {
    log_.error(Severity::error, fmt::format("log program '{}' (pid {}) does not exit and is left running",
                                            command_.text, child_.pid()));
    child_.forget();
    finish();
}

void PipeProgram::finish() {
    if (const std::size_t left = pipe_.unread(); left > 0) {
        log_.error(Severity::error, fmt::format("{} bytes of log lines are lost: log program '{}' did not read them",
                                                left, command_.text));
    }
    const auto on_ended = std::move(on_ended_);
    on_ended();
}

}  // namespace basehttpd
