#include "basehttp/server/quarantine.h"

#include <algorithm>

namespace basehttp {

std::optional<std::int64_t> Quarantine::until_ms(std::uint64_t fingerprint, std::int64_t now_ms) const {
    for (const Entry& entry : entries_) {
        if (entry.fingerprint.load(std::memory_order_acquire) != fingerprint) continue;
        const std::int64_t until = entry.until_ms.load(std::memory_order_relaxed);
        if (until > now_ms) return until;
    }
    return std::nullopt;
}

void Quarantine::add(std::uint64_t fingerprint, std::int64_t until_ms) {
    Entry& entry = place_for(fingerprint);
    entry.until_ms.store(until_ms, std::memory_order_relaxed);
    entry.fingerprint.store(fingerprint, std::memory_order_release);
    count();
}

void Quarantine::expire(std::int64_t now_ms) {
    if (empty()) return;
    for (Entry& entry : entries_) {
        if (entry.until_ms.load(std::memory_order_relaxed) <= now_ms) entry.fingerprint = 0;
    }
    count();
}

void Quarantine::clear() {
    for (Entry& entry : entries_)
        entry.fingerprint = 0;
    count();
}

// Its own, else a free one, else that of the one with the least time left.
Quarantine::Entry& Quarantine::place_for(std::uint64_t fingerprint) {
    const auto value = [](const Entry& entry) { return entry.fingerprint.load(std::memory_order_relaxed); };
    for (const std::uint64_t wanted : {fingerprint, std::uint64_t{0}}) {
        const auto found = std::ranges::find(entries_, wanted, value);
        if (found != entries_.end()) return *found;
    }
    return *std::ranges::min_element(entries_, {}, [](const Entry& entry) { return entry.until_ms.load(); });
}

void Quarantine::count() {
    const auto kept = std::ranges::count_if(entries_, [](const Entry& entry) { return entry.fingerprint != 0; });
    count_.store(static_cast<std::uint32_t>(kept), std::memory_order_release);
}

}  // namespace basehttp
