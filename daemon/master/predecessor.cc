#include "daemon/master/predecessor.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/process/stop_times.h"
#include "daemon/text/command_words.h"

namespace basehttpd {

using basehttp::Severity;
using std::chrono::milliseconds;

Predecessor::Predecessor(Processes& processes, basehttp::Log& log, const Inheritance& inherited,
                         const std::optional<Identity>& identity, std::function<void()> on_gone)
    : processes_(processes), log_(log), on_gone_(std::move(on_gone)), logger_(processes), standby_(processes) {
    for (const Inheritance::Child& child : inherited.workers) {
        const auto worker = workers_.emplace(workers_.end(), processes);
        worker->adopt(child.pid, basehttp::UniqueFd(child.channel),
                      [this, worker](ChildProcess::End end) { on_worker_end(worker, end); });
    }
    adopt_programs(inherited, identity);
    logger_.adopt(inherited.logger.pid, basehttp::UniqueFd(inherited.logger.channel),
                  [this](ChildProcess::End end) { on_logger_end(end); });
    if (inherited.standby.pid != 0) {
        standby_.adopt(inherited.standby.pid, basehttp::UniqueFd(inherited.standby.channel),
                       [this](ChildProcess::End end) { on_standby_end(end); });
    }
    if (workers_.empty()) end_logger();
}

void Predecessor::adopt_programs(const Inheritance& inherited, const std::optional<Identity>& identity) {
    for (const Inheritance::Program& program : inherited.programs) {
        const auto words = split_command(program.command).value_or(std::vector{program.command});
        LogPipe pipe;
        pipe.read.reset(program.read_end);
        programs_.emplace_back(processes_, log_, PipeProgram::Command{program.command, words, identity},
                               std::move(pipe));
        programs_.back().adopt(program.pid);
    }
}

void Predecessor::on_worker_end(std::list<ChildProcess>::iterator worker, ChildProcess::End end) {
    if (!end.how.clean()) {
        log_.error(Severity::warning,
                   fmt::format("worker (pid {}) from before the upgrade {}", end.pid, end.how.text()));
    }
    workers_.erase(worker);
    if (!workers_.empty()) return;
    timer_ = {};
    end_logger();
}

// The one that stands by goes when the logger has left in order.
void Predecessor::end_logger() {
    if (logger_.running()) {
        logger_.tell(message::kStop);
    } else if (standby_.running()) {
        standby_.tell(standby_writes_ ? message::kStop : message::kEnd);
    } else {
        on_logger_gone();
    }
}

void Predecessor::on_logger_end(ChildProcess::End end) {
    if (!end.how.clean() && standby_.running()) {
        standby_writes_ = true;
        tell_of_lost_logger(end, "another takes over");
        standby_.tell(message::kTakeOver);
    } else if (!end.how.clean()) {
        tell_of_lost_logger(end, "what it had not written is lost");
    }
    if (workers_.empty()) end_logger();
}

void Predecessor::on_standby_end(ChildProcess::End end) {
    if (standby_writes_ && !end.how.clean()) tell_of_lost_logger(end, "what it had not written is lost");
    if (workers_.empty() && !logger_.running()) on_logger_gone();
}

void Predecessor::tell_of_lost_logger(ChildProcess::End end, std::string_view outcome) {
    log_.error(Severity::error,
               fmt::format("logger (pid {}) from before the upgrade {}; {}", end.pid, end.how.text(), outcome));
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
    timer_ = processes_.after(until_last, [this] { close_idle(kLastMoment); });
}

void Predecessor::stop(milliseconds timeout) {
    const milliseconds patience = std::min(kStopPatience, timeout);
    tell_workers(message::kRetire);
    timer_ = processes_.after(patience, [this, left = timeout - patience] { close_idle(left); });
}

void Predecessor::close_idle(milliseconds left) {
    tell_workers(message::kStop);
    timer_ = processes_.after(left, [this] { kill(); });
}

void Predecessor::kill() {
    for (const ChildProcess& worker : workers_) {
        if (auto killed = worker.kill(); !killed) {
            log_.error(Severity::warning, fmt::format("worker (pid {}) from before the upgrade was told to exit: {}",
                                                      worker.pid(), killed.error().text()));
        }
    }
}

void Predecessor::leave_behind() {
    for (const ChildProcess& worker : workers_) {
        log_.error(Severity::error, fmt::format("worker (pid {}) from before the upgrade does not exit and is left "
                                                "running; it keeps its sockets until it exits",
                                                worker.pid()));
    }
}

void Predecessor::tell_workers(char order) {
    for (const ChildProcess& worker : workers_)
        worker.tell(order);
}

}  // namespace basehttpd
