#include "basehttp/server/worker_processes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "basehttp/server/lost_requests.h"

namespace basehttp {
namespace {

// Those that count as requests, the one that it was at work on first.
std::vector<RequestsInFlight::Found> requests_of(const RequestsInFlight& table) {
    auto requests = table.read();
    std::erase_if(requests, [](const RequestsInFlight::Found& request) { return request.line.empty(); });
    std::ranges::stable_partition(requests, &RequestsInFlight::Found::at_work);
    return requests;
}

}  // namespace

WorkerProcesses::WorkerProcesses(EventLoop& loop, Log& log, Plan plan, Work work)
    : loop_(loop), log_(log), plan_(plan), work_(std::move(work)) {}

WorkerProcesses::~WorkerProcesses() {
    kill_all();
    for (Worker& worker : workers_) {
        loop_.remove(worker.end.get(), worker);
        ::waitpid(worker.pid, nullptr, 0);
    }
    if (life_.reading) loop_.remove(life_.reading.get(), signs_);
}

void WorkerProcesses::run(std::function<void()> on_ready) {
    on_ready_ = std::move(on_ready);
    stop_ = make_pipe(0);
    life_ = make_pipe(O_NONBLOCK);
    wanted_ = plan_.count;
    auto done = loop_.add(life_.reading.get(), EPOLLIN, signs_);
    while (done && workers_.size() < wanted_)
        done = start();
    if (!done) throw std::system_error(done.error().code, std::generic_category(), done.error().operation);
    if (plan_.watchdog.count() > 0) look_for_silence();
    loop_.run();
    if (!start_failure_.empty()) throw std::runtime_error(start_failure_);
}

WorkerProcesses::Pipe WorkerProcesses::make_pipe(int flags) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | flags) < 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

IoResult<void> WorkerProcesses::start() {
    auto table = share_table();
    if (!table) return std::unexpected(table.error());
    const pid_t pid = ::fork();
    if (pid < 0) return io_failure("fork");
    if (pid == 0) be_worker(**table);
    Worker& worker = workers_.emplace_back(*this);
    worker.pid = pid;
    worker.in_flight = std::move(*table);
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

// What is never touched of it costs nothing.
IoResult<std::unique_ptr<RequestsInFlight, WorkerProcesses::Unmapping>> WorkerProcesses::share_table() {
    void* const memory = ::mmap(nullptr, sizeof(RequestsInFlight), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return io_failure("mmap");
    return std::unique_ptr<RequestsInFlight, Unmapping>(new (memory) RequestsInFlight);
}

void WorkerProcesses::Unmapping::operator()(RequestsInFlight* table) const {
    ::munmap(table, sizeof *table);
}

// Nothing of the program that runs around the server is to happen in a worker: it ends here.
void WorkerProcesses::be_worker(RequestsInFlight& in_flight) {
    int code = EXIT_SUCCESS;
    try {
        stop_.writing.reset();
        life_.reading.reset();
        for (Timer* const parents : {&pause_, &patience_, &look_})
            parents->cancel();
        LifeSigns signs(loop_, life_.writing.get(), interval());
        work_({stop_.reading.get(), signs, in_flight});
    } catch (const std::exception& error) {
        code = EXIT_FAILURE;
        log_.error(Severity::critical, fmt::format("worker {}: {}", ::getpid(), error.what()));
    }
    ::_exit(code);
}

void WorkerProcesses::on_end(Worker& worker) {
    constexpr std::chrono::seconds kYoung{1};
    int status = 0;
    ::waitpid(worker.pid, &status, 0);
    if (WIFSIGNALED(status) || wanted_ != 0) report(worker, status);
    const bool young = Clock::now() - worker.started < kYoung;
    if (on_ready_ && !worker.heard && wanted_ != 0)
        start_failure_ = text_of(worker.pid, status) + " before it served";
    loop_.remove(worker.end.get(), worker);
    workers_.remove_if([&worker](const Worker& each) { return &each == &worker; });
    if (!start_failure_.empty() || (wanted_ == 0 && workers_.empty())) loop_.stop();
    if (workers_.size() >= wanted_) return;
    // What fails as soon as it has begun would fail again at once.
    if (young) {
        loop_.arm(pause_, kYoung);
    } else {
        replace();
    }
}

std::string WorkerProcesses::text_of(pid_t pid, int status) {
    return WIFSIGNALED(status) ? fmt::format("worker {} was killed by signal {}", pid, WTERMSIG(status))
                               : fmt::format("worker {} ended with code {}", pid, WEXITSTATUS(status));
}

// The access log is not told again of one that it was being told of.
void WorkerProcesses::report(const Worker& worker, int status) {
    constexpr std::size_t kMostLines = 20;
    const std::string who = text_of(worker.pid, status);
    const auto requests = requests_of(*worker.in_flight);
    log_.error(Severity::critical, who + count_of(requests.size()));
    for (const auto& request : requests) {
        if (!request.was_to_be_logged) log_.access(record_of(request, WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    }
    for (std::size_t i = 0; i < std::min(requests.size(), kMostLines); ++i) {
        const std::string text = fmt::format("{} in the middle of {}{}", who, name_of(requests[i]),
                                             requests[i].at_work ? ", which it was working on" : "");
        log_.error(ErrorRecord{wall_clock_ns(), Severity::error, text, requests[i].id});
    }
}

void WorkerProcesses::hear() {
    std::array<pid_t, 64> pids{};
    const ssize_t size = ::read(life_.reading.get(), pids.data(), sizeof pids);
    for (ssize_t i = 0; i < size / static_cast<ssize_t>(sizeof(pid_t)); ++i) {
        const auto worker = std::ranges::find(workers_, pids[static_cast<std::size_t>(i)], &Worker::pid);
        if (worker != workers_.end()) worker->heard = loop_.now();
    }
    note_ready();
}

void WorkerProcesses::note_ready() {
    const bool all = workers_.size() >= wanted_ &&
                     std::ranges::all_of(workers_, [](const Worker& worker) { return worker.heard.has_value(); });
    if (all && on_ready_) std::exchange(on_ready_, nullptr)();
}

// Often enough for one sign to be late.
std::chrono::milliseconds WorkerProcesses::interval() const {
    constexpr int kSignsInTime = 4;
    if (plan_.watchdog.count() == 0) return {};
    return std::max(plan_.watchdog / kSignsInTime, std::chrono::milliseconds(1));
}

void WorkerProcesses::look_for_silence() {
    // Was this process itself held up, so were the others, who need time to be heard again.
    const bool held_up = loop_.now() - looked_ > plan_.watchdog;
    looked_ = loop_.now();
    for (Worker& worker : workers_) {
        if (!worker.heard) continue;
        if (held_up) worker.heard = looked_;
        if (looked_ - *worker.heard > plan_.watchdog) end_silent(worker);
    }
    loop_.arm(look_, interval());
}

// SIGABRT first: it leaves a core that shows where the worker stands.
void WorkerProcesses::end_silent(Worker& worker) {
    worker.heard = looked_;
    if (std::exchange(worker.aborted, true)) {
        ::kill(worker.pid, SIGKILL);
        return;
    }
    const auto requests = requests_of(*worker.in_flight);
    const bool at_work = !requests.empty() && requests.front().at_work;
    log_.error(Severity::critical, fmt::format("worker {} has hung for more than {} ms and is aborted{}{}",
                                               worker.pid, plan_.watchdog.count(), at_work ? ", working on " : "",
                                               at_work ? name_of(requests.front()) : ""));
    ::kill(worker.pid, SIGABRT);
}

void WorkerProcesses::replace() {
    constexpr std::chrono::seconds kPause{1};
    pause_.cancel();
    while (workers_.size() < wanted_) {
        const auto started = start();
        if (started) continue;
        log_.error(Severity::critical, "no worker can be started: " + started.error().text());
        loop_.arm(pause_, kPause);
        return;
    }
}

void WorkerProcesses::stop(Stop how) {
    wanted_ = 0;
    on_ready_ = nullptr;
    pause_.cancel();
    stop_.writing.reset();
    if (how == Stop::now) {
        kill_all();
    } else if (!patience_.armed()) {
        loop_.arm(patience_, plan_.stop_timeout + kGrace);
    }
    if (workers_.empty()) loop_.stop();
}

void WorkerProcesses::kill_all() {
    for (const Worker& worker : workers_)
        ::kill(worker.pid, SIGKILL);
}

}  // namespace basehttp
