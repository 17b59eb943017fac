#include "simulation/kernel.h"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace simulation {
namespace {

Kernel* the_running = nullptr;

}  // namespace

bool Kernel::in_call = false;

Kernel* Kernel::running() {
    return the_running;
}

Kernel::Kernel(std::uint64_t seed, bool traces) : random(seed), traces_(traces) {
    set_interruptions(0);
}

Kernel::~Kernel() = default;

void Kernel::note(std::string_view what) {
    for (const char c : what)
        digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    digest_ ^= static_cast<std::uint64_t>(now_ns_);
    if (!traces_) return;
    const std::string who = current_ == nullptr ? "" : fmt::format("{} {}", current_->pid, current_->title);
    fmt::print("{:12.6f} {:14} {}\n", static_cast<double>(now_ns_ - 1'000'000'000'000) / 1e9, who, what);
}

bool Kernel::refuses(Fault fault) {
    const auto index = static_cast<std::size_t>(fault);
    if (faults[index] == 0 || !random.chance(faults[index], 1000)) return false;
    note(fmt::format("refused: {}", kFaultNames[index]));
    return true;
}

pid_t Kernel::start(const std::vector<int>& keep, std::function<int()> body) {
    const pid_t pid = next_pid_++;
    auto process = std::make_unique<Process>(pid, [this, body = std::move(body)] { exit(body()); });
    for (const int fd : keep) {
        if (auto kept = current_ == nullptr ? nullptr : share(fd)) process->files.emplace(fd, std::move(kept));
    }
    processes.emplace(pid, std::move(process));
    note(fmt::format("fork: {}", pid));
    return pid;
}

void Kernel::end(Process& process, basehttpd::ChildExit how) {
    if (process.how) return;
    note(fmt::format("{} {} {}", process.pid, process.title, how.text()));
    process.how = how;
    process.files.clear();
    if (&process != current_) process.fiber.reset();
}

void Kernel::signal(pid_t pid, int number) {
    const auto found = processes.find(pid);
    if (found == processes.end() || found->second->how) return;
    Process& process = *found->second;
    // The master alone takes signals by itself; SIGABRT has to wait for one that is stopped.
    if (number == SIGKILL || (number == SIGABRT && process.stopped_until_ns <= now_ns_)) {
        end(process, {true, false, number});
    } else {
        process.signals.push_back(number);
    }
}

void Kernel::exit(int code) {
    const SystemCall call;
    current_->left_open = current_->files.size();
    end(*current_, {false, false, code});
    current_->fiber->suspend();
    std::abort();
}

void Kernel::wait(bool (*condition)(void*), void* what, std::int64_t until_ns) {
    Process& self = *current_;
    const bool in_call_before = in_call;
    self.waits_for = condition;
    self.waits_for_what = what;
    self.wakes_ns = until_ns;
    self.fiber->suspend();
    in_call = in_call_before;
}

void Kernel::give_way() {
    if (current_->dies_after != 0 && --current_->dies_after == 0) die();
    if (random.chance(1, 4)) wait(nullptr, nullptr, now_ns_);
}

void Kernel::die() {
    const SystemCall call;
    end(*current_, {true, false, SIGKILL});
    current_->fiber->suspend();
}

void Kernel::set_interruptions(unsigned bits) {
    interruption_bits_ = bits;
    draw_interruption();
}

void Kernel::draw_interruption() {
    const bool never = interruption_bits_ == 0;
    until_interruption_ = never ? kForever : 1 + random.of_any_size(std::uint64_t{1} << interruption_bits_);
}

void Kernel::interrupt() {
    const SystemCall call;
    draw_interruption();
    wait(nullptr, nullptr, now_ns_);
}

bool Kernel::can_go_on(const Process& process) const {
    if (process.how || process.stopped_until_ns > now_ns_) return false;
    return process.wakes_ns <= now_ns_ || (process.waits_for != nullptr && process.waits_for(process.waits_for_what));
}

void Kernel::resume(Process& process) {
    current_ = &process;
    the_running = this;
    in_call = false;
    process.fiber->resume();
    the_running = nullptr;
    current_ = nullptr;
    if (process.how) process.fiber.reset();
}

bool Kernel::step() {
    ++steps_;
    now_ns_ += random.between(0, 20'000);
    for (;;) {
        ready_.clear();
        due_.clear();
        std::int64_t next = kForever;
        for (const auto& [pid, process] : processes) {
            if (process->stopped_until_ns != 0 && process->stopped_until_ns <= now_ns_) {
                process->stopped_until_ns = 0;
                if (std::ranges::find(process->signals, SIGABRT) != process->signals.end())
                    end(*process, {true, false, SIGABRT});
            }
            if (can_go_on(*process)) ready_.push_back(process.get());
            if (!process->how) next = std::min(next, std::max(process->wakes_ns, process->stopped_until_ns));
        }
        for (Actor* actor : actors_) {
            if (actor->next_ns() <= now_ns_) due_.push_back(actor);
            next = std::min(next, actor->next_ns());
        }
        const std::size_t count = ready_.size() + due_.size();
        if (count > 0) {
            const std::size_t chosen = random.below(count);
            chosen < ready_.size() ? resume(*ready_[chosen]) : due_[chosen - ready_.size()]->act();
            return true;
        }
        if (next == kForever) return false;
        now_ns_ = std::max(now_ns_, next);
    }
}

int Kernel::open(std::shared_ptr<OpenFile> file) {
    int fd = kFirstDescriptor;
    for (const auto& [used, other] : current_->files) {
        if (used != fd) break;
        ++fd;
    }
    current_->files.emplace(fd, std::move(file));
    return fd;
}

}  // namespace simulation

extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() {
    if (auto* const kernel = simulation::Kernel::running()) kernel->interruption();
}
