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

Document rate(double per_second) {
    return Document::bare(fmt::format("{:.1f}", per_second));
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

Traffic::Sum Traffic::sum() const {
    Sum sum;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const basehttp::Counters& counters = scoreboard_.slot(i).counters;
        sum.connections += counters.connections.load(std::memory_order_relaxed);
        sum.busy += counters.busy.load(std::memory_order_relaxed);
        const Rates of_slot = rates_of(slots_[i]);
        sum.rates.requests += of_slot.requests;
        sum.rates.server_errors += of_slot.server_errors;
    }
    sum.totals = totals();
    return sum;
}

Traffic::Row Traffic::row(std::size_t index) const {
    const WorkerSlot& board = scoreboard_.slot(index);
    const Slot& slot = slots_[index];
    return {index,
            board.pid.load(),
            name_of(board.state),
            board.counters.connections.load(),
            board.counters.busy.load(),
            read(board) - slot.before,
            rates_of(slot)};
}

std::vector<Traffic::Row> Traffic::rows() const {
    std::vector<Row> rows;
    for (std::size_t i = Scoreboard::kMasterSlot + 1; i < slots_.size(); ++i) {
        if (scoreboard_.slot(i).used) rows.push_back(row(i));
    }
    return rows;
}

std::string Traffic::summary() const {
    const Sum all = sum();
    const std::string refused =
        all.totals.refused == 0 ? "" : fmt::format(", {} connections refused", all.totals.refused);
    return fmt::format("{} connections, {} busy, {} requests ({:.1f}/s), {} answered 5xx ({:.1f}/s){}",
                       all.connections, all.busy, all.totals.requests, all.rates.requests, all.totals.server_errors,
                       all.rates.server_errors, refused);
}

std::string Traffic::table() const {
    std::string text;
    for (const Row& each : rows()) {
        text += fmt::format("worker {:<3} pid {:<7} {:<9} {:>7} {:>6} {:>12} {:>9.1f} {:>8}\n", each.number, each.pid,
                            each.state, each.connections, each.busy, each.own.requests, each.rates.requests,
                            each.own.server_errors);
    }
    if (text.empty()) return text;
    return fmt::format("{:<6} {:>3} {:>11} {:<9} {:>7} {:>6} {:>12} {:>9} {:>8}\n", "worker", "", "", "state", "open",
                       "busy", "requests", "/s", "5xx") +
           text;
}

void Traffic::add_to(Document& status) const {
    const Sum all = sum();
    status.add("connections", Document::number(all.connections))
        .add("busy", Document::number(all.busy))
        .add("connections_refused", Document::number(all.totals.refused))
        .add("requests", Document::number(all.totals.requests))
        .add("requests_per_second", rate(all.rates.requests))
        .add("server_errors", Document::number(all.totals.server_errors))
        .add("server_errors_per_second", rate(all.rates.server_errors));
    Document workers = Document::list();
    for (const Row& each : rows()) {
        workers.items.push_back(Document::map()
                                    .add("number", Document::number(each.number))
                                    .add("pid", Document::number(static_cast<std::uint64_t>(each.pid)))
                                    .add("state", Document::of_text(each.state))
                                    .add("connections", Document::number(each.connections))
                                    .add("busy", Document::number(each.busy))
                                    .add("requests", Document::number(each.own.requests))
                                    .add("requests_per_second", rate(each.rates.requests))
                                    .add("server_errors", Document::number(each.own.server_errors)));
    }
    status.add("workers", std::move(workers));
}

}  // namespace basehttpd
