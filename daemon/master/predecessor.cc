#include "daemon/master/predecessor.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/process/child.h"
#include "daemon/text/command_words.h"

namespace basehttpd {

using basehttp::Severity;
using std::chrono::milliseconds;

Predecessor::Predecessor(SdEvent& events, basehttp::Log& log, const Inheritance& inherited,
                         const std::optional<Identity>& identity, std::function<void()> on_gone)
    : events_(events), log_(log), on_gone_(std::move(on_gone)) {
    for (const Inheritance::Child& child : inherited.workers) {
        Child& worker = workers_.emplace_back();
        worker.pid = child.pid;
        worker.channel.reset(child.channel);
        watch(std::prev(workers_.end()));
    }
    adopt_programs(inherited, identity);
    logger_.pid = inherited.logger.pid;
    logger_.channel.reset(inherited.logger.channel);
    logger_.exit_source = events_.on_exit(logger_.pid, [this](ChildExit) {
        logger_.pid = 0;
        if (workers_.empty()) on_logger_gone();
    });
    if (workers_.empty()) end_logger();
}

void Predecessor::adopt_programs(const Inheritance& inherited, const std::optional<Identity>& identity) {
    for (const Inheritance::Program& program : inherited.programs) {
        const auto words = split_command(program.command).value_or(std::vector{program.command});
        LogPipe pipe;
        pipe.read.reset(program.read_end);
        programs_.emplace_back(events_, log_, PipeProgram::Command{program.command, words, identity},
                               std::move(pipe));
        programs_.back().adopt(program.pid);
    }
}

void Predecessor::watch(std::list<Child>::iterator worker) {
    worker->exit_source =
        events_.on_exit(worker->pid, [this, worker](ChildExit how) { on_worker_exit(worker, how); });
}

void Predecessor::on_worker_exit(std::list<Child>::iterator worker, ChildExit how) {
    if (!how.clean()) {
        log_.error(Severity::warning,
                   fmt::format("worker (pid {}) from before the upgrade {}", worker->pid, how.text()));
    }
    workers_.erase(worker);
    if (!workers_.empty()) return;
    timer_ = {};
    end_logger();
}

void Predecessor::end_logger() {
    if (logger_.pid == 0) {
        on_logger_gone();
        return;
    }
    send_message(logger_.channel.get(), message::kStop);
}

// Its programs have read the end of their input by now, or will.
void Predecessor::on_logger_gone() {
    if (programs_.empty()) {
        on_gone_();
        return;
    }
    for (auto program = programs_.begin(); program != programs_.end(); ++program) {
        program->end([this, program] {
            programs_.erase(program);
            if (programs_.empty()) on_gone_();
        });
    }
}

void Predecessor::retire(milliseconds timeout) {
    const milliseconds until_last = std::max(timeout - kLastMoment, milliseconds::zero());
    tell_workers(message::kRetire);
    timer_ = events_.after(until_last, [this] { close_idle(kLastMoment); });
}

void Predecessor::stop(milliseconds timeout) {
    const milliseconds patience = std::min(kStopPatience, timeout);
    tell_workers(message::kRetire);
    timer_ = events_.after(patience, [this, left = timeout - patience] { close_idle(left); });
}

void Predecessor::close_idle(milliseconds left) {
    tell_workers(message::kStop);
    timer_ = events_.after(left, [this] { kill(); });
}

void Predecessor::kill() {
    for (const Child& worker : workers_)
        ::kill(worker.pid, SIGKILL);
}

void Predecessor::tell_workers(char order) {
    for (const Child& worker : workers_)
        send_message(worker.channel.get(), order);
}

}  // namespace basehttpd
