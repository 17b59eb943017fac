#include "basehttp/server/client_counts.h"

#include <algorithm>
#include <atomic>
#include <string_view>

#include "basehttp/text/byte_hash.h"

namespace basehttp {

namespace {

constexpr std::uint64_t kCount = 0xffff;
static_assert(ClientCounts::kMost == kCount);

// Other processes read while this one writes.
std::uint64_t load(const std::uint64_t& place) {
    return std::atomic_ref(const_cast<std::uint64_t&>(place)).load(std::memory_order_relaxed);
}

void store(std::uint64_t& place, std::uint64_t value) {
    std::atomic_ref(place).store(value, std::memory_order_relaxed);
}

bool is_of(std::uint64_t place, std::uint64_t client) {
    return place != 0 && (place | kCount) == (client | kCount);
}

}  // namespace

std::uint64_t ClientCounts::client_at(const ClientAddress& address, std::uint64_t seed) {
    constexpr unsigned kHost = 32;
    constexpr unsigned kNetwork = 64;
    const ClientAddress client = address.masked(kHost, kNetwork);
    const std::string_view bytes(reinterpret_cast<const char*>(client.bytes.data()), client.bytes.size());
    return byte_hash(bytes, seed + static_cast<std::uint64_t>(client.family));
}

// The low bits, which a place does not keep.
ClientCounts::Bucket& ClientCounts::bucket(std::uint64_t client) {
    return buckets_[client % buckets_.size()];
}

const ClientCounts::Bucket& ClientCounts::bucket(std::uint64_t client) const {
    return buckets_[client % buckets_.size()];
}

std::size_t ClientCounts::count(std::uint64_t client) const {
    for (const std::uint64_t& each : bucket(client)) {
        const std::uint64_t place = load(each);
        if (is_of(place, client)) return place & kCount;
    }
    return 0;
}

void ClientCounts::add(std::uint64_t client) {
    Bucket& places = bucket(client);
    auto place = std::ranges::find_if(places, [client](std::uint64_t each) { return is_of(each, client); });
    if (place == places.end()) place = std::ranges::find(places, std::uint64_t{0});
    if (place == places.end() || (*place & kCount) == kCount) return;
    store(*place, ((client & ~kCount) | (*place & kCount)) + 1);
}

void ClientCounts::remove(std::uint64_t client) {
    Bucket& places = bucket(client);
    const auto place = std::ranges::find_if(places, [client](std::uint64_t each) { return is_of(each, client); });
    if (place == places.end()) return;
    store(*place, (*place & kCount) == 1 ? 0 : *place - 1);
}

void ClientCounts::clear() {
    for (Bucket& places : buckets_)
        std::ranges::for_each(places, [](std::uint64_t& place) { store(place, 0); });
}

}  // namespace basehttp
