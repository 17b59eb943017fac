#include "basehttp/server/requests_in_flight.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "basehttp/server/counters.h"
#include "basehttp/text/byte_hash.h"

namespace basehttp {
namespace {

// Of the bytes of a head that have come: its first line, as far as it is there.
std::string_view first_line(std::string_view bytes) {
    while (bytes.starts_with('\r') || bytes.starts_with('\n'))
        bytes.remove_prefix(1);
    bytes = bytes.substr(0, RequestsInFlight::kLongestLine + 1);
    bytes = bytes.substr(0, bytes.find('\n'));
    if (bytes.ends_with('\r')) bytes.remove_suffix(1);
    return bytes;
}

}  // namespace

RequestsInFlight::Mark::Mark(RequestsInFlight* table, Stream& stream, const Arrival& arrival)
    : table_(table), stream_(stream) {
    if (table_ == nullptr) return;
    number_ = table_->take();
    if (number_ == 0) return;
    Place& place = table_->place(number_);
    place.logging.store(false, std::memory_order_relaxed);
    place.client = arrival.client;
    place.id = arrival.id;
    place.arrival_ns = arrival.time_ns;
    place.fingerprint = 0;
    place.host_size = 0;
    copy_line(place, first_line(arrival.bytes));
    place.taken.store(true, std::memory_order_release);
    stream_.set_focus(&table_->at_work_, number_);
}

RequestsInFlight::Mark::~Mark() {
    if (table_ == nullptr) return;
    stream_.set_focus(nullptr, 0);
    table_->give_back(number_);
}

void RequestsInFlight::Mark::identify(const Request& request, const ClientAddress& client) {
    if (number_ == 0) return;
    Place& place = table_->place(number_);
    place.client = client;
    // Most often the whole line has come with the first bytes.
    const std::string_view known(place.line.data(), place.line_size);
    if (known != request.line.substr(0, kLongestLine)) copy_line(place, request.line);
    place.host_size = static_cast<std::uint16_t>(request.host.copy(place.host.data(), kLongestHost));
    place.fingerprint = RequestsInFlight::fingerprint(request);
}

void RequestsInFlight::Mark::note_logging(std::uint64_t position) {
    if (number_ == 0) return;
    Place& place = table_->place(number_);
    place.log_position = position;
    place.logging.store(true, std::memory_order_release);
}

std::uint64_t RequestsInFlight::fingerprint(const Request& request) {
    const std::uint64_t hash = byte_hash(request.path(), byte_hash(request.host, byte_hash(request.method, 0)));
    return hash == 0 ? 1 : hash;
}

std::uint32_t RequestsInFlight::take() {
    if (free_ != 0) {
        const std::uint32_t number = free_;
        free_ = place(number).next_free;
        return number;
    }
    const std::uint32_t used = used_.load(std::memory_order_relaxed);
    if (used >= kMost) {
        add_to(untold_, 1U);
        return 0;
    }
    new (&place(used + 1)) Place;
    used_.store(used + 1, std::memory_order_release);
    return used + 1;
}

void RequestsInFlight::give_back(std::uint32_t number) {
    if (number == 0) {
        add_to(untold_, -1U);
        return;
    }
    Place& left = place(number);
    left.taken.store(false, std::memory_order_release);
    left.next_free = free_;
    free_ = number;
}

void RequestsInFlight::copy_line(Place& place, std::string_view line) {
    place.line_size = static_cast<std::uint16_t>(line.copy(place.line.data(), kLongestLine));
}

std::vector<RequestsInFlight::Found> RequestsInFlight::read() const {
    std::vector<Found> all;
    const auto used = std::min<std::uint32_t>(used_.load(std::memory_order_acquire), kMost);
    for (std::uint32_t number = 1; number <= used; ++number) {
        if (place(number).taken.load(std::memory_order_acquire)) all.push_back(found(number));
    }
    return all;
}

RequestsInFlight::Found RequestsInFlight::found(std::uint32_t number) const {
    // Looked at as a copy: the process may be alive, and change it meanwhile.
    alignas(Place) std::byte copy[sizeof(Place)];
    std::memcpy(copy, &this->place(number), sizeof copy);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const Place& place = *reinterpret_cast<const Place*>(copy);
    Found request;
    request.arrival_ns = place.arrival_ns;
    request.client = place.client;
    // As an enum read from memory that somebody else wrote, it could have any value.
    if (request.client.family > ClientAddress::Family::ipv6) request.client = {};
    request.id = place.id;
    request.fingerprint = place.fingerprint;
    request.log_position = place.log_position;
    request.was_to_be_logged = place.logging.load(std::memory_order_acquire);
    request.at_work = at_work_.load(std::memory_order_relaxed) == number;
    request.line.assign(place.line.data(), std::min<std::size_t>(place.line_size, kLongestLine));
    request.host.assign(place.host.data(), std::min<std::size_t>(place.host_size, kLongestHost));
    return request;
}

void RequestsInFlight::reset() {
    const auto used = std::min<std::uint32_t>(used_.load(std::memory_order_relaxed), kMost);
    for (std::uint32_t number = 1; number <= used; ++number)
        place(number).taken.store(false, std::memory_order_relaxed);
    at_work_ = used_ = untold_ = free_ = 0;
}

}  // namespace basehttp
