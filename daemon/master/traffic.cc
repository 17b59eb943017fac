#include "daemon/master/traffic.h"

#include <algorithm>
#include <string_view>

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

double per_second(std::uint64_t count, std::int64_t milliseconds) {
    return static_cast<double>(count) * 1000 / static_cast<double>(milliseconds);
}

}  // namespace

Traffic::Traffic(const Scoreboard& scoreboard, Totals earlier)
    : scoreboard_(scoreboard),
      slots_(scoreboard.size()),
      earlier_(earlier.all),
      earlier_sites_(std::move(earlier.sites)),
      shown_sites_(SiteNumbers::kMost) {}

Figures Traffic::read(const WorkerSlot& slot) {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    const basehttp::Counters& from = slot.counters;
    Figures figures;
    figures.requests = from.requests.load(kRelaxed);
    figures.accepted = from.accepted.load(kRelaxed);
    figures.refused = from.refused.load(kRelaxed);
    figures.body_bytes = from.body_bytes.load(kRelaxed);
    figures.duration_ns = from.duration_ns.load(kRelaxed);
    for (std::size_t i = 0; i < figures.responses.size(); ++i)
        figures.responses[i] = from.responses.of(i);
    for (std::size_t i = 0; i < figures.times.size(); ++i)
        figures.times[i] = from.times.count(i);
    return figures;
}

void Traffic::measure(std::int64_t now_ms) {
    now_ms_ = now_ms;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        Slot& slot = slots_[i];
        const WorkerSlot& board = scoreboard_.slot(i);
        if (const pid_t pid = board.pid.load(); pid != slot.pid)
            slot = {pid, true, now_ms, slot.looks.empty() ? Look{} : slot.looks.back()};
        if (!slot.was_used) continue;
        slot.looks.push_back({now_ms, board.counters.requests, board.counters.responses.server_errors()});
        if (slot.looks.size() > kWindow + 1) slot.looks.erase(slot.looks.begin());
    }
    shown_ = larger(shown_, sum());
    for (std::size_t i = 0; i < shown_sites_.size(); ++i)
        shown_sites_[i] = larger(shown_sites_[i], sum_of_site(i));
    times_.push_back(shown_.times);
    if (times_.size() > kWindow + 1) times_.pop_front();
}

Rates Traffic::rates_of(const Slot& slot) {
    if (slot.looks.size() < 2) return {};
    const Look& first = slot.looks.front();
    const Look& last = slot.looks.back();
    const std::int64_t time = std::max<std::int64_t>(last.at_ms - first.at_ms, 1);
    return {per_second(last.requests - first.requests, time),
            per_second(last.server_errors - first.server_errors, time)};
}

Figures Traffic::sum() const {
    Figures all = earlier_;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (slots_[i].was_used || scoreboard_.slot(i).used) all = all + read(scoreboard_.slot(i));
    }
    return all;
}

SiteFigures Traffic::sum_of_site(std::size_t number) const {
    SiteFigures all;
    const auto& names = scoreboard_.site_numbers().names();
    const std::string_view name = number < names.size() ? std::string_view(names[number]) : SiteNumbers::kOthers;
    for (const auto& [earlier, figures] : earlier_sites_) {
        if (earlier == name) all = all + figures;
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!slots_[i].was_used) continue;
        const basehttp::SiteCounters& from = scoreboard_.slot(i).sites[number];
        for (std::size_t digit = 0; digit < all.responses.size(); ++digit)
            all.responses[digit] += from.responses.of(digit);
        all.body_bytes += from.body_bytes.load(std::memory_order_relaxed);
    }
    return all;
}

Traffic::Totals Traffic::totals() const {
    Totals totals{.all = larger(shown_, sum())};
    StatusFacts facts;
    add_sites(facts);
    for (const SiteFacts& site : facts.sites)
        totals.sites.emplace_back(site.name.view(), site.figures);
    return totals;
}

WorkerFacts Traffic::worker(std::size_t index) const {
    const WorkerSlot& board = scoreboard_.slot(index);
    const Slot& slot = slots_[index];
    WorkerFacts facts;
    facts.number = index;
    facts.pid = board.pid.load();
    facts.state = name_of(board.state);
    facts.age_s = slot.pid == facts.pid ? (now_ms_ - slot.since_ms) / 1000 : 0;
    facts.memory = board.own_memory.load();
    facts.connections = board.counters.connections.load();
    facts.busy = board.counters.busy.load();
    facts.requests = board.counters.requests - slot.before.requests;
    facts.server_errors = board.counters.responses.server_errors() - slot.before.server_errors;
    facts.rates = rates_of(slot);
    return facts;
}

void Traffic::add_sites(StatusFacts& facts) const {
    const auto& names = scoreboard_.site_numbers().names();
    for (std::size_t i = 0; i < names.size(); ++i)
        facts.sites.add({std::string_view(names[i]), larger(shown_sites_[i], sum_of_site(i))});
    const SiteFigures others = larger(shown_sites_.back(), sum_of_site(SiteNumbers::kMost - 1));
    if (others.numbers() != SiteFigures{}.numbers()) facts.sites.add({SiteNumbers::kOthers, others});
}

void Traffic::add_to(StatusFacts& facts) const {
    facts.totals = larger(shown_, sum());
    if (!times_.empty()) {
        for (std::size_t i = 0; i < facts.recent_times.size(); ++i)
            facts.recent_times[i] = times_.back()[i] - times_.front()[i];
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const basehttp::Counters& counters = scoreboard_.slot(i).counters;
        const bool used = scoreboard_.slot(i).used;
        if (!used && !slots_[i].was_used) continue;
        facts.connections += counters.connections.load(std::memory_order_relaxed);
        facts.busy += counters.busy.load(std::memory_order_relaxed);
        const Rates of_slot = rates_of(slots_[i]);
        facts.rates.requests += of_slot.requests;
        facts.rates.server_errors += of_slot.server_errors;
        if (used && i != Scoreboard::kMasterSlot) facts.workers.add(worker(i));
    }
    add_sites(facts);
}

}  // namespace basehttpd
