// AccessRecord: what is known of one exchange once its response has ended. Made by the Connection; the logger turns
// it into lines. The views live as long as the memory they came from: the request's buffer, or the ring's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace basehttp {

/// How an exchange ended.
enum class Ending : std::uint8_t {
    complete,     ///< the whole response was handed to the kernel
    client_left,  ///< the client closed or reset the connection before that
    timed_out,    ///< the client did not send or take bytes in time
    aborted,      ///< the server gave up: a handler failed in mid-response, or a stop did not wait
};

/// The client's address in the form that costs a worker nothing: bytes, not text.
struct ClientAddress {
    enum class Family : std::uint8_t { none, ipv4, ipv6 };
    Family family = Family::none;
    std::uint16_t port = 0;
    std::array<unsigned char, 16> bytes{};

    /// `127.0.0.1`, `::1`, or `unix:` where the connection has no address.
    std::string text() const;
};

struct AccessRecord {
    std::int64_t arrival_ns = 0;   ///< when the first byte of the request was read, since 1970
    std::int64_t duration_ns = 0;  ///< from then until the response had ended
    ClientAddress client;
    std::uint16_t status = 0;  ///< 0: no response was begun
    Ending ending = Ending::complete;
    std::uint64_t body_bytes = 0;         ///< of the content, without head and chunk framing, that were really sent
    std::uint64_t connection_serial = 0;  ///< of the connection, within its worker
    std::uint32_t request_number = 0;     ///< on that connection, from 1

    std::string_view request_line;  ///< as received; a request that never became one: what there was of it
    std::string_view host;
    std::string_view referer;
    std::string_view user_agent;
    std::string_view user;  ///< authenticated user, or empty

    /// When the response had ended, since 1970. The sum of any two numbers: they may come from a ring.
    std::int64_t completion_ns() const {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(arrival_ns) +
                                         static_cast<std::uint64_t>(duration_ns));
    }
};

/// The longest text of a record that is kept, in bytes; longer ones are cut.
inline constexpr std::size_t kLongestRecordText = 8 * 1024;

/// Bytes that encode_record() needs for `record`.
std::size_t encoded_size(const AccessRecord& record);

/// Writes `record` to `out`, which has encoded_size() bytes.
void encode_record(const AccessRecord& record, std::span<std::byte> out);

/// Reads a record back, its texts as views into `bytes`; nothing where the bytes cannot be one. The bytes are not
/// trusted: a worker wrote them.
std::optional<AccessRecord> decode_record(std::span<const std::byte> bytes);

}  // namespace basehttp
