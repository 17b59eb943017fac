#include "basehttp/log/access_record.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include "basehttp/log/log_ring.h"
#include "basehttp/log/record_decoding.h"

namespace basehttp {
namespace {

constexpr std::size_t kTexts = 7;
constexpr std::uint8_t kHighestSignal = 64;

struct EncodedAddress {
    std::array<unsigned char, 16> bytes;
    std::uint16_t port;
    std::uint8_t family;
};

// The fixed part as it stands in the ring; the texts follow it in order, then what was captured.
struct EncodedHead {
    std::int64_t arrival_ns;
    std::int64_t head_ns;
    std::int64_t handler_ns;
    std::int64_t first_byte_ns;
    std::int64_t duration_ns;
    std::uint64_t body_bytes;
    std::uint64_t bytes_in;
    std::uint64_t bytes_out;
    std::uint64_t connection;
    std::uint32_t request;
    std::uint32_t instance;
    EncodedAddress client;
    EncodedAddress peer;
    EncodedAddress local;
    std::array<std::uint16_t, kTexts> text_sizes;
    std::uint16_t captured_size;
    std::uint16_t status;
    std::uint8_t ending;
    std::uint8_t signal;
    std::uint8_t persists;
};
static_assert(std::is_trivially_copyable_v<EncodedHead>);
static_assert(sizeof(EncodedHead) + kTexts * kLongestRecordText + Captured::kMostBytes <= LogRing::kLongestRecord);

// In the order in which they are encoded.
template <typename Record, typename Visit>
void for_each_text(Record& record, Visit visit) {
    visit(record.request_line);
    visit(record.host);
    visit(record.referer);
    visit(record.user_agent);
    visit(record.user);
    visit(record.site);
    visit(record.route);
}

std::uint16_t kept_size(std::string_view text) {
    return static_cast<std::uint16_t>(std::min(text.size(), kLongestRecordText));
}

EncodedAddress encode(const ClientAddress& address) {
    return {address.bytes, address.port, static_cast<std::uint8_t>(address.family)};
}

ClientAddress decode(const EncodedAddress& address) {
    return {static_cast<ClientAddress::Family>(address.family), address.port, address.bytes};
}

std::byte* put(std::byte* at, std::string_view text) {
    return at + text.copy(reinterpret_cast<char*>(at), text.size());
}

EncodedHead encode_head(const AccessRecord& record) {
    EncodedHead head{};  // no byte of this process's memory gets into the ring by chance
    head.arrival_ns = record.arrival_ns;
    head.head_ns = record.head_ns;
    head.handler_ns = record.handler_ns;
    head.first_byte_ns = record.first_byte_ns;
    head.duration_ns = record.duration_ns;
    head.body_bytes = record.body_bytes;
    head.bytes_in = record.bytes_in;
    head.bytes_out = record.bytes_out;
    head.connection = record.id.connection;
    head.request = record.id.request;
    head.instance = record.id.instance;
    head.client = encode(record.client);
    head.peer = encode(record.peer);
    head.local = encode(record.local);
    head.status = record.status;
    head.ending = static_cast<std::uint8_t>(record.ending);
    head.signal = record.signal;
    head.persists = record.persists ? 1 : 0;
    head.captured_size = static_cast<std::uint16_t>(record.captured.packed().size());
    return head;
}

// How many bytes the texts and what was captured take; nothing where one of them is longer than it is written.
std::optional<std::size_t> size_after(const EncodedHead& head) {
    if (head.captured_size > Captured::kMostBytes) return std::nullopt;
    std::size_t sum = head.captured_size;
    std::size_t longest = 0;
    for (const std::size_t size : head.text_sizes) {
        sum += size;
        longest = std::max(longest, size);
    }
    if (longest > kLongestRecordText) return std::nullopt;
    return sum;
}

bool is_sound(const EncodedHead& head) {
    constexpr auto kLastFamily = static_cast<std::uint8_t>(ClientAddress::Family::ipv6);
    constexpr auto kLastEnding = static_cast<std::uint8_t>(Ending::worker_died);
    constexpr std::uint16_t kHighestStatus = 999;
    return head.client.family <= kLastFamily && head.peer.family <= kLastFamily && head.local.family <= kLastFamily &&
           head.ending <= kLastEnding && head.status <= kHighestStatus && head.signal <= kHighestSignal &&
           head.persists <= 1;
}

void decode_head(const EncodedHead& head, AccessRecord& record) {
    record.arrival_ns = head.arrival_ns;
    record.head_ns = head.head_ns;
    record.handler_ns = head.handler_ns;
    record.first_byte_ns = head.first_byte_ns;
    record.duration_ns = head.duration_ns;
    record.client = decode(head.client);
    record.peer = decode(head.peer);
    record.local = decode(head.local);
    record.status = head.status;
    record.ending = static_cast<Ending>(head.ending);
    record.signal = head.signal;
    record.persists = head.persists != 0;
    record.body_bytes = head.body_bytes;
    record.bytes_in = head.bytes_in;
    record.bytes_out = head.bytes_out;
    record.id = {head.instance, head.connection, head.request};
}

}  // namespace

std::string_view ending_name(Ending ending) {
    switch (ending) {
        case Ending::complete:
            return "complete";
        case Ending::client_left:
            return "client_left";
        case Ending::timed_out:
            return "timed_out";
        case Ending::aborted:
            return "aborted";
        case Ending::worker_died:
            return "worker_died";
    }
    return {};
}

std::size_t encoded_size(const AccessRecord& record) {
    std::size_t size = sizeof(EncodedHead) + record.captured.packed().size();
    for_each_text(record, [&size](std::string_view text) { size += kept_size(text); });
    return size;
}

void encode_record(const AccessRecord& record, std::span<std::byte> out) {
    EncodedHead head = encode_head(record);
    std::byte* at = out.data() + sizeof head;
    std::uint16_t* size = head.text_sizes.data();
    for_each_text(record, [&](std::string_view text) {
        *size = kept_size(text);
        at = put(at, text.substr(0, *size++));
    });
    put(at, record.captured.packed());
    std::memcpy(out.data(), &head, sizeof head);
}

bool decode_record_into(AccessRecord& record, std::span<const std::byte> bytes) {
    EncodedHead head;
    if (bytes.size() < sizeof head) return false;
    std::memcpy(&head, bytes.data(), sizeof head);
    const auto needed = size_after(head);
    if (!needed || *needed > bytes.size() - sizeof head || !is_sound(head)) return false;

    decode_head(head, record);
    const char* at = reinterpret_cast<const char*>(bytes.data()) + sizeof head;
    const std::uint16_t* size = head.text_sizes.data();
    for_each_text(record, [&](std::string_view& text) {
        text = {at, *size};
        at += *size++;
    });
    const std::string_view packed(at, head.captured_size);
    record.captured = Captured::of(packed);
    return packed.empty() || Captured::read(packed).has_value();
}

std::optional<AccessRecord> decode_record(std::span<const std::byte> bytes) {
    std::optional<AccessRecord> record(std::in_place);
    if (!decode_record_into(*record, bytes)) record.reset();
    return record;
}

std::int64_t completion_of_record(std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(EncodedHead)) return 0;
    std::uint64_t arrival = 0;
    std::uint64_t duration = 0;
    std::memcpy(&arrival, bytes.data() + offsetof(EncodedHead, arrival_ns), sizeof arrival);
    std::memcpy(&duration, bytes.data() + offsetof(EncodedHead, duration_ns), sizeof duration);
    return static_cast<std::int64_t>(arrival + duration);
}

}  // namespace basehttp
