#include "daemon/master/poison_ledger.h"

#include <algorithm>

#include <fmt/format.h>

namespace basehttpd {

using basehttp::Severity;

void PoisonLedger::note(const DeadlyRequest& request, unsigned limit, std::int64_t now_ms) {
    constexpr std::size_t kMostDeaths = 1024;
    if (limit == 0) return;
    std::erase_if(deaths_, [now_ms](const Death& death) { return now_ms - death.at_ms > kWindow.count(); });
    if (deaths_.size() >= kMostDeaths) deaths_.pop_front();
    deaths_.push_back({request.fingerprint, now_ms});
    const auto deaths = std::ranges::count(deaths_, request.fingerprint, &Death::fingerprint);
    if (static_cast<std::size_t>(deaths) < limit) return;
    const std::int64_t until_ms = now_ms + kQuarantine.count();
    quarantine_.add(request.fingerprint, until_ms);
    std::erase_if(deaths_, [&](const Death& death) { return death.fingerprint == request.fingerprint; });
    // A worker that was in the middle of it when it was put there may have died since.
    const auto same = [&](const Kept& kept) { return kept.request.fingerprint == request.fingerprint; };
    const bool is_new = std::erase_if(kept_, same) == 0;
    if (kept_.size() >= basehttp::Quarantine::kMost) kept_.erase(kept_.begin());
    kept_.push_back({request, until_ms});
    if (!is_new) return;
    log_.error(
        Severity::critical,
        fmt::format("{} workers have crashed on {} within a minute: it is answered 503 for {} s, or until a reload",
                    deaths, request.name, kQuarantine.count() / 1000));
}

void PoisonLedger::expire(std::int64_t now_ms) {
    quarantine_.expire(now_ms);
    std::erase_if(kept_, [this, now_ms](const Kept& kept) {
        if (kept.until_ms > now_ms) return false;
        log_.error(Severity::notice, kept.request.name + " is served again");
        return true;
    });
}

void PoisonLedger::clear() {
    quarantine_.clear();
    deaths_.clear();
    kept_.clear();
}

std::string PoisonLedger::text(std::int64_t now_ms) const {
    std::string text;
    for (const Kept& kept : kept_)
        text += fmt::format("answered 503 for {} s more: {}\n", (kept.until_ms - now_ms) / 1000, kept.request.name);
    return text;
}

Document PoisonLedger::document(std::int64_t now_ms) const {
    Document list = Document::list();
    for (const Kept& kept : kept_) {
        list.items.push_back(
            Document::map()
                .add("request", Document::of_text(kept.request.name))
                .add("seconds_left", Document::number(static_cast<std::uint64_t>(
                                         std::max<std::int64_t>(kept.until_ms - now_ms, 0) / 1000))));
    }
    return list;
}

}  // namespace basehttpd
