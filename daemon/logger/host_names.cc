#include "daemon/logger/host_names.h"

#include <algorithm>
#include <utility>

#include "daemon/logger/name_lookup.h"

namespace basehttpd {
namespace {

using basehttp::ClientAddress;

// Of the time that goes by, one part in so many may be waited.
constexpr int kWaitingShare = 5;
// How often a wait is interrupted to ask whether there is hurry.
constexpr std::chrono::milliseconds kStep{5};

}  // namespace

HostNames::HostNames(LookupThreads::LookUp look_up) : threads_(std::move(look_up)) {}

HostNames::Key HostNames::key_of(const ClientAddress& address) {
    Key key{};
    key[0] = static_cast<unsigned char>(address.family);
    std::ranges::copy(address.bytes, key.begin() + 1);
    return key;
}

void HostNames::expect(const ClientAddress& client) {
    if (client.family == ClientAddress::Family::none) return;
    const ClientAddress address = client.unmapped();
    Known& known = remember(key_of(address));
    if (known.asked || Clock::now() < known.until) return;
    known.asked = threads_.ask(address);
    known.awaited = known.asked;
    if (known.awaited) ++awaited_;
}

// The entry for `key`, in the place of the one that was not needed for longest where there are too many.
HostNames::Known& HostNames::remember(const Key& key) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) {
        known_.splice(known_.begin(), known_, found->second);
    } else {
        if (known_.size() >= kMostKnown) {
            if (known_.back().awaited) --awaited_;
            by_key_.erase(known_.back().key);
            known_.pop_back();
        }
        known_.emplace_front().key = key;
        by_key_.emplace(key, known_.begin());
    }
    return known_.front();
}

void HostNames::note(const std::vector<LookupThreads::Answer>& answers) {
    for (const auto& [address, name] : answers) {
        const auto found = by_key_.find(key_of(address));
        if (found == by_key_.end()) continue;
        Known& known = *found->second;
        known.name = name;
        known.until = Clock::now() + (name.empty() ? kNoNameLasts : kNameLasts);
        known.asked = false;
        if (std::exchange(known.awaited, false)) --awaited_;
    }
}

void HostNames::refill(Clock::time_point now) {
    may_wait_ = std::min<std::chrono::nanoseconds>(kLongestWait, may_wait_ + (now - refilled_) / kWaitingShare);
    refilled_ = now;
}

void HostNames::wait(const std::function<bool()>& hurry) {
    note(threads_.take());
    const Clock::time_point start = Clock::now();
    refill(start);
    const auto left = [&] { return may_wait_ - (Clock::now() - start); };
    while (awaited_ > 0 && left().count() > 0 && !hurry())
        note(threads_.wait(std::min<std::chrono::nanoseconds>(kStep, left())));
    refilled_ = Clock::now();
    may_wait_ -= std::min<std::chrono::nanoseconds>(may_wait_, refilled_ - start);
    // What is not there yet is no longer waited for.
    if (awaited_ == 0) return;
    for (Known& known : known_)
        known.awaited = false;
    awaited_ = 0;
}

std::string_view HostNames::name_of(const ClientAddress& client) {
    const auto found = by_key_.find(key_of(client.unmapped()));
    return found == by_key_.end() ? std::string_view{} : std::string_view(found->second->name);
}

}  // namespace basehttpd
