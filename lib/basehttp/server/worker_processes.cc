#include "basehttp/server/worker_processes.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace basehttp {

WorkerProcesses::WorkerProcesses(EventLoop& loop, Log& log, std::chrono::milliseconds stop_timeout, Work work)
    : loop_(loop), log_(log), stop_timeout_(stop_timeout), work_(std::move(work)) {}

WorkerProcesses::~WorkerProcesses() {
    kill_all();
    for (Worker& worker : workers_) {
        loop_.remove(worker.end.get(), worker);
        ::waitpid(worker.pid, nullptr, 0);
    }
}

void WorkerProcesses::run(unsigned count) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    stop_reading_.reset(ends[0]);
    stop_writing_.reset(ends[1]);
    wanted_ = count;
    while (workers_.size() < wanted_) {
        if (const auto started = start(); !started)
            throw std::system_error(started.error().code, std::generic_category(), started.error().operation);
    }
    loop_.run();
}

IoResult<void> WorkerProcesses::start() {
    const pid_t pid = ::fork();
    if (pid < 0) return io_failure("fork");
    if (pid == 0) be_worker();
    Worker& worker = workers_.emplace_back(*this);
    worker.pid = pid;
    worker.started = Clock::now();
    worker.end.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    auto watched = worker.end ? loop_.add(worker.end.get(), EPOLLIN, worker) : io_failure("pidfd_open");
    if (!watched) {  // nobody would notice its end
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        workers_.pop_back();
    }
    return watched;
}

// Nothing of the program that runs around the server is to happen in a worker: it ends here.
void WorkerProcesses::be_worker() {
    int code = EXIT_SUCCESS;
    try {
        stop_writing_.reset();
        work_(stop_reading_.get());
    } catch (const std::exception& error) {
        code = EXIT_FAILURE;
        log_.error(Severity::critical, fmt::format("worker {}: {}", ::getpid(), error.what()));
    }
    ::_exit(code);
}

void WorkerProcesses::on_end(Worker& worker) {
    constexpr std::chrono::seconds kYoung{1};
    int status = 0;
    if (::waitpid(worker.pid, &status, 0) == worker.pid) report(worker.pid, status);
    const bool young = Clock::now() - worker.started < kYoung;
    loop_.remove(worker.end.get(), worker);
    workers_.remove_if([&worker](const Worker& each) { return &each == &worker; });
    if (wanted_ == 0 && workers_.empty()) loop_.stop();
    if (workers_.size() >= wanted_) return;
    // What fails as soon as it has begun would fail again at once.
    if (young) {
        loop_.arm(pause_, kYoung);
    } else {
        replace();
    }
}

void WorkerProcesses::report(pid_t pid, int status) {
    if (WIFSIGNALED(status)) {
        log_.error(Severity::critical, fmt::format("worker {} was killed by signal {}", pid, WTERMSIG(status)));
    } else if (wanted_ != 0) {
        log_.error(Severity::error, fmt::format("worker {} ended with code {}", pid, WEXITSTATUS(status)));
    }
}

void WorkerProcesses::replace() {
    constexpr std::chrono::seconds kPause{1};
    while (workers_.size() < wanted_) {
        const auto started = start();
        if (started) continue;
        log_.error(Severity::critical, "no worker can be started: " + started.error().text());
        loop_.arm(pause_, kPause);
        return;
    }
}

void WorkerProcesses::stop(Stop how) {
    constexpr std::chrono::seconds kGrace{5};
    wanted_ = 0;
    pause_.cancel();
    stop_writing_.reset();
    if (how == Stop::now) {
        kill_all();
    } else if (!patience_.armed()) {
        loop_.arm(patience_, stop_timeout_ + kGrace);
    }
    if (workers_.empty()) loop_.stop();
}

void WorkerProcesses::kill_all() {
    for (const Worker& worker : workers_)
        ::kill(worker.pid, SIGKILL);
}

}  // namespace basehttp
