#include "daemon/master/log_programs.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/config/sink_name.h"

namespace basehttpd {
namespace {

bool is_pipe(const SinkConfig& sink) {
    return sink.kind == SinkConfig::Kind::pipe;
}

}  // namespace

basehttp::IoResult<void> LogPrograms::prepare(const LogPlan& plan, const std::optional<Identity>& identity) {
    for (const SinkConfig& sink : plan.sinks) {
        const std::string name = sink_name(sink);
        const auto runs = running_.find(name);
        const bool goes_on = runs != running_.end() && runs->second->command().identity == identity;
        if (!is_pipe(sink) || goes_on || fresh_.contains(name)) continue;
        auto pipe = LogPipe::create();
        if (!pipe) return std::unexpected(pipe.error());
        fresh_.emplace(name, std::move(*pipe));
    }
    return {};
}

basehttp::IoResult<void> LogPrograms::renew(const LogPlan& plan) {
    for (const SinkConfig& sink : plan.sinks) {
        const std::string name = sink_name(sink);
        if (!is_pipe(sink) || fresh_.contains(name)) continue;
        auto pipe = LogPipe::create();
        if (!pipe) return std::unexpected(pipe.error());
        fresh_.emplace(name, std::move(*pipe));
    }
    return {};
}

void LogPrograms::take_up(const LogPlan& plan, const std::optional<Identity>& identity) {
    auto before = std::exchange(running_, {});
    for (const SinkConfig& sink : plan.sinks) {
        if (!is_pipe(sink)) continue;
        const std::string name = sink_name(sink);
        if (auto fresh = fresh_.extract(name)) {
            PipeProgram::Command command{sink.command, sink.words, identity};
            auto program =
                std::make_unique<PipeProgram>(processes_, log_, std::move(command), std::move(fresh.mapped()));
            program->start();
            running_.emplace(name, std::move(program));
        } else {
            running_.insert(before.extract(name));
        }
    }
    for (auto& [name, program] : before)
        end(std::move(program));
    fresh_.clear();  // what a reload that was refused has left
}

void LogPrograms::end(Program program) {
    ending_.push_back(std::move(program));
    const auto last = std::prev(ending_.end());
    (*last)->end([this, last] { on_ended(last); });
}

void LogPrograms::on_ended(std::list<Program>::iterator program) {
    ending_.erase(program);
    if (!ending_.empty()) return;
    for (const auto& done : std::exchange(when_ended_, {}))
        done();
}

void LogPrograms::end_all() {
    for (auto& [name, program] : std::exchange(running_, {}))
        end(std::move(program));
}

void LogPrograms::when_ended(std::function<void()> done) {
    if (ending_.empty()) {
        done();
    } else {
        when_ended_.push_back(std::move(done));
    }
}

const LogPipe* LogPrograms::find_pipe(const std::string& sink) const {
    const auto found = running_.find(sink);
    return found == running_.end() ? nullptr : &found->second->pipe();
}

std::vector<int> LogPrograms::logger_fds() const {
    std::vector<int> fds;
    for (const auto& [name, program] : running_)
        std::ranges::copy(program->pipe().logger_fds(), std::back_inserter(fds));
    return fds;
}

basehttp::IoResult<void> LogPrograms::pass_on() {
    basehttp::IoResult<void> done;
    for (const auto& [name, program] : running_) {
        if (done) done = program->pipe().trace_memory->pass_on();
    }
    return done;
}

basehttp::IoResult<void> LogPrograms::hold_back() {
    basehttp::IoResult<void> done;
    for (const auto& [name, program] : running_) {
        if (done) done = program->pipe().trace_memory->hold_back();
    }
    return done;
}

void LogPrograms::hand_over(std::vector<Inheritance::Program>& programs) const {
    for (const auto& [name, program] : running_)
        programs.push_back({program->pid(), program->pipe().read.get(), program->command().text});
}

}  // namespace basehttpd
