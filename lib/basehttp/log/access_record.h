// AccessRecord: what is known of one exchange once its response has ended. Made by the Connection; the logger turns
// it into lines. The views live as long as the memory they came from: the request's buffer, or the ring's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "basehttp/io/client_address.h"
#include "basehttp/log/captured.h"
#include "basehttp/log/request_id.h"

namespace basehttp {

/// How an exchange ended.
enum class Ending : std::uint8_t {
    complete,     ///< the request came whole, or was refused, and the whole response was handed to the kernel
    client_left,  ///< the client closed or reset the connection before that
    timed_out,    ///< the client did not send its request, or take the response, in time
    aborted,      ///< the server gave up: a handler failed in mid-response, or a stop did not wait
    worker_died,  ///< the process that served it died in the middle of it
};

/// `complete`, `client_left` …: the names as JSON has them.
std::string_view ending_name(Ending ending);

struct AccessRecord {
    std::int64_t arrival_ns = 0;  ///< when the first byte of the request was read, since 1970

    // Durations, by a clock that nobody sets. 0: it never came to that.
    std::int64_t head_ns = 0;        ///< from the arrival until the head was complete
    std::int64_t handler_ns = 0;     ///< from the complete head until the handler returned
    std::int64_t first_byte_ns = 0;  ///< from the arrival until the response's first byte was handed to the kernel
    std::int64_t duration_ns = 0;    ///< from the arrival until the response had ended

    ClientAddress client;
    ClientAddress peer;   ///< the other end of the connection, as the kernel has it
    ClientAddress local;  ///< this end

    std::uint16_t status = 0;  ///< 0: no response was begun
    Ending ending = Ending::complete;
    std::uint8_t signal = 0;  ///< that the worker died of, where it did
    bool persists = false;    ///< whether the connection stays open for another request

    std::uint64_t body_bytes = 0;  ///< of the content, without head and chunk framing, that were really sent
    std::uint64_t bytes_in =
        0;  ///< of the request, head and framing included, that were read until the response ended
    std::uint64_t bytes_out = 0;  ///< sent, heads and framing included

    RequestId id;

    // Whose record it is, by what the logger knows of the ring that it came through. Not part of the encoded record.
    std::uint64_t run = 0;     ///< names the life of the rings: the same for all records of all workers
    std::uint64_t serial = 0;  ///< of the worker's slot, from 1: a gap is a record that was lost
    std::uint32_t worker = 0;  ///< its slot
    std::int32_t pid = 0;

    std::string_view request_line;  ///< as received; a request that never became one: what there was of it
    std::string_view host;          ///< that was asked for, with its port if any
    std::string_view referer;
    std::string_view user_agent;
    std::string_view user;   ///< authenticated user, or empty
    std::string_view site;   ///< the first host of the site that was found, `*` where it has none; empty: no site
    std::string_view route;  ///< the path of the route that was found, or empty
    Captured captured;

    /// The client's name, where the logger has looked it up. Not part of the encoded record.
    std::string_view client_name;

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

/// Reads a record back, its texts as views into `bytes`, which nobody else may write; nothing where the bytes cannot
/// be one. They are not trusted, since a worker wrote them: numbers may have any value and texts any bytes, but no
/// text is longer than encode_record() writes it.
std::optional<AccessRecord> decode_record(std::span<const std::byte> bytes);

/// The completion_ns() of what may be a record; 0 where it is too short for one.
std::int64_t completion_of_record(std::span<const std::byte> bytes);

}  // namespace basehttp
