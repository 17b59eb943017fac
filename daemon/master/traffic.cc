#include "daemon/master/traffic.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace basehttpd {
namespace {

std::string_view name_of(WorkerState state) {
    switch (state) {
        case WorkerState::unused:
            return "unused";
        case WorkerState::starting:
            return "starting";
        case WorkerState::serving:
            return "serving";
        case WorkerState::draining:
            return "draining";
    }
    return "?";
}

Traffic::Totals operator-(Traffic::Totals a, Traffic::Totals b) {
    return {a.requests - b.requests, a.server_errors - b.server_errors, a.refused - b.refused};
}

double per_second(std::uint64_t count, std::int64_t milliseconds) {
    return static_cast<double>(count) * 1000 / static_cast<double>(milliseconds);
}

}  // namespace

Traffic::Traffic(const Scoreboard& scoreboard, Totals earlier)
    : scoreboard_(scoreboard), earlier_(earlier), slots_(scoreboard.size()) {}

Traffic::Totals Traffic::read(const WorkerSlot& slot) {
    return {slot.counters.requests.load(std::memory_order_relaxed),
            slot.counters.server_errors.load(std::memory_order_relaxed),
            slot.counters.refused.load(std::memory_order_relaxed)};
}

void Traffic::measure(std::int64_t now_ms) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        Slot& slot = slots_[i];
        const WorkerSlot& board = scoreboard_.slot(i);
        if (const pid_t pid = board.pid.load(); pid != slot.pid) {
            slot = {pid, slot.looks.empty() ? Totals{} : slot.looks.back().counted};
        }
        slot.looks.push_back({now_ms, read(board)});
        if (slot.looks.size() > kWindow + 1) slot.looks.erase(slot.looks.begin());
    }
}

Traffic::Rates Traffic::rates_of(const Slot& slot) {
    if (slot.looks.size() < 2) return {};
    const Look& first = slot.looks.front();
    const Look& last = slot.looks.back();
    const Totals counted = last.counted - first.counted;
    const std::int64_t time = std::max<std::int64_t>(last.at_ms - first.at_ms, 1);
    return {per_second(counted.requests, time), per_second(counted.server_errors, time)};
}

Traffic::Totals Traffic::totals() const {
    Totals all = earlier_;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const Totals counted = read(scoreboard_.slot(i));
        all.requests += counted.requests;
        all.server_errors += counted.server_errors;
        all.refused += counted.refused;
    }
    return all;
}

std::string Traffic::summary() const {
    std::uint64_t connections = 0;
    std::uint64_t busy = 0;
    Rates rates;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const basehttp::Counters& counters = scoreboard_.slot(i).counters;
        connections += counters.connections.load(std::memory_order_relaxed);
        busy += counters.busy.load(std::memory_order_relaxed);
        const Rates of_slot = rates_of(slots_[i]);
        rates.requests += of_slot.requests;
        rates.server_errors += of_slot.server_errors;
    }
    const Totals all = totals();
    const std::string refused = all.refused == 0 ? "" : fmt::format(", {} connections refused", all.refused);
    return fmt::format("{} connections, {} busy, {} requests ({:.1f}/s), {} answered 5xx ({:.1f}/s){}", connections,
                       busy, all.requests, rates.requests, all.server_errors, rates.server_errors, refused);
}

std::string Traffic::table() const {
    std::string rows;
    for (std::size_t i = Scoreboard::kMasterSlot + 1; i < slots_.size(); ++i) {
        if (scoreboard_.slot(i).used) rows += row(i);
    }
    if (rows.empty()) return rows;
    return fmt::format("{:<6} {:>3} {:>11} {:<9} {:>7} {:>6} {:>12} {:>9} {:>8}\n", "worker", "", "", "state", "open",
                       "busy", "requests", "/s", "5xx") +
           rows;
}

std::string Traffic::row(std::size_t index) const {
    const WorkerSlot& board = scoreboard_.slot(index);
    const Slot& slot = slots_[index];
    const Totals own = read(board) - slot.before;
    return fmt::format("worker {:<3} pid {:<7} {:<9} {:>7} {:>6} {:>12} {:>9.1f} {:>8}\n", index, board.pid.load(),
                       name_of(board.state), board.counters.connections.load(), board.counters.busy.load(),
                       own.requests, rates_of(slot).requests, own.server_errors);
}

}  // namespace basehttpd
