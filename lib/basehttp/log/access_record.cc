#include "basehttp/log/access_record.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "basehttp/log/log_ring.h"

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
    return std::ranges::copy(std::as_bytes(std::span(text)), at).out;
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

bool is_sound(const EncodedHead& head) {
    constexpr auto kLastFamily = static_cast<std::uint8_t>(ClientAddress::Family::ipv6);
    constexpr auto kLastEnding = static_cast<std::uint8_t>(Ending::worker_died);
    constexpr std::uint16_t kHighestStatus = 999;
    const bool families = std::max({head.client.family, head.peer.family, head.local.family}) <= kLastFamily;
    const bool sizes =
        std::ranges::max(head.text_sizes) <= kLongestRecordText && head.captured_size <= Captured::kMostBytes;
    return families && sizes && head.ending <= kLastEnding && head.status <= kHighestStatus &&
           head.signal <= kHighestSignal && head.persists <= 1;
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

std::optional<AccessRecord> decode_record(std::span<const std::byte> bytes) {
    EncodedHead head;
    if (bytes.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (!is_sound(head)) return std::nullopt;
    std::size_t needed = sizeof head + head.captured_size;
    for (const std::uint16_t size : head.text_sizes)
        needed += size;
    if (needed > bytes.size()) return std::nullopt;

    std::optional<AccessRecord> record(std::in_place);
    decode_head(head, *record);
    const char* at = reinterpret_cast<const char*>(bytes.data()) + sizeof head;
    const std::uint16_t* size = head.text_sizes.data();
    for_each_text(*record, [&](std::string_view& text) {
        text = {at, *size};
        at += *size++;
    });
    const auto captured = Captured::read({at, head.captured_size});
    if (!captured) return std::nullopt;
    record->captured = *captured;
    return record;
}

std::int64_t completion_of_record(std::span<const std::byte> bytes) {
    EncodedHead head;
    if (bytes.size() < sizeof head) return 0;
    std::memcpy(&head, bytes.data(), sizeof head);
    AccessRecord record;
    record.arrival_ns = head.arrival_ns;
    record.duration_ns = head.duration_ns;
    return record.completion_ns();
}

}  // namespace basehttp
