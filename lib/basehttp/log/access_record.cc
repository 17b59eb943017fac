#include "basehttp/log/access_record.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace basehttp {
namespace {

constexpr std::size_t kTexts = 5;

// The fixed part as it stands in the ring; the texts follow it in order.
struct EncodedHead {
    std::int64_t arrival_ns;
    std::int64_t duration_ns;
    std::uint64_t body_bytes;
    std::uint64_t connection_serial;
    std::uint32_t request_number;
    std::uint16_t status;
    std::uint16_t port;
    std::array<unsigned char, 16> address;
    std::array<std::uint16_t, kTexts> text_sizes;
    std::uint8_t family;
    std::uint8_t ending;
};
static_assert(std::is_trivially_copyable_v<EncodedHead>);

template <typename Record>
auto texts_of(Record& record) {
    return std::array{&record.request_line, &record.host, &record.referer, &record.user_agent, &record.user};
}

std::uint16_t kept_size(std::string_view text) {
    return static_cast<std::uint16_t>(std::min(text.size(), kLongestRecordText));
}

}  // namespace

std::string ClientAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    switch (family) {
        case Family::none:
            return "unix:";
        case Family::ipv4:
            ::inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
            break;
        case Family::ipv6:
            ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
            break;
    }
    return text.data();
}

std::size_t encoded_size(const AccessRecord& record) {
    std::size_t size = sizeof(EncodedHead);
    for (const std::string_view* text : texts_of(record))
        size += kept_size(*text);
    return size;
}

void encode_record(const AccessRecord& record, std::span<std::byte> out) {
    EncodedHead head{record.arrival_ns,
                     record.duration_ns,
                     record.body_bytes,
                     record.connection_serial,
                     record.request_number,
                     record.status,
                     record.client.port,
                     record.client.bytes,
                     {},
                     static_cast<std::uint8_t>(record.client.family),
                     static_cast<std::uint8_t>(record.ending)};
    std::byte* at = out.data() + sizeof head;
    std::size_t index = 0;
    for (const std::string_view* text : texts_of(record)) {
        const std::uint16_t size = kept_size(*text);
        head.text_sizes[index++] = size;
        std::ranges::copy(std::as_bytes(std::span(text->data(), size)), at);
        at += size;
    }
    std::memcpy(out.data(), &head, sizeof head);
}

std::optional<AccessRecord> decode_record(std::span<const std::byte> bytes) {
    EncodedHead head;
    if (bytes.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, bytes.data(), sizeof head);
    std::size_t needed = sizeof head;
    for (const std::uint16_t size : head.text_sizes)
        needed += size;
    if (needed > bytes.size() || head.family > 2 || head.ending > 3 || head.status > 999) return std::nullopt;

    AccessRecord record;
    record.arrival_ns = head.arrival_ns;
    record.duration_ns = head.duration_ns;
    record.body_bytes = head.body_bytes;
    record.connection_serial = head.connection_serial;
    record.request_number = head.request_number;
    record.status = head.status;
    record.client = {static_cast<ClientAddress::Family>(head.family), head.port, head.address};
    record.ending = static_cast<Ending>(head.ending);
    const char* at = reinterpret_cast<const char*>(bytes.data()) + sizeof head;
    std::size_t index = 0;
    for (std::string_view* text : texts_of(record)) {
        *text = {at, head.text_sizes[index]};
        at += head.text_sizes[index++];
    }
    return record;
}

}  // namespace basehttp
