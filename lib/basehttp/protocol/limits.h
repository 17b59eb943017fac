// Limits: how much of everything one client may ask for. Owned by whoever starts the server; read-only after that.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace basehttp {

/// How forgiving the parser is; each is a subset of the one before it.
///
/// - `seed`: what the seed takes and no two readers can take differently: like `standard`, and tabs separate the
/// words
///   of a request line, too.
/// - `standard`: what RFC 9112 permits: HTTP/0.9 as a connection's first request, lone LFs as line ends, several
///   spaces between the words of a request line and some at its end, versions like HTTP/1.01, bytes in a target that
///   should have been escaped.
/// - `strict`: none of these.
enum class Strictness : std::uint8_t { seed, standard, strict };

/// Bounds on what a client may send and how long it may take. Sizes are bytes. 0 is no limit for the counts
/// of fields, connections and requests; of all else it allows nothing.
struct Limits {
    std::size_t request_line = 8 * 1024;   ///< the request line without its end; past it: 414
    std::size_t header_bytes = 32 * 1024;  ///< all field lines together, with their ends; past it: 431
    std::size_t header_fields = 100;       ///< number of field lines; past it: 431
    std::uint64_t body = 1024 * 1024;      ///< content of a request; past it: 413. 0: requests have no content
    std::size_t empty_lines = 4;           ///< skipped before a request line (RFC 9112, 2.2); 0: none

    std::chrono::milliseconds header_timeout{10'000};  ///< from a request's first byte to the end of its head
    std::chrono::milliseconds body_timeout{30'000};    ///< between two reads of a body
    std::chrono::milliseconds idle_timeout{60'000};    ///< between requests of a persistent connection
    std::chrono::milliseconds send_timeout{30'000};    ///< between two writes that the client accepted

    /// Bytes a second. A client whose body comes, or that takes a response, more slowly uses up the timeout in the
    /// time that it is waited for, and gets back what its bytes take at this rate. 0: any byte gives back all.
    std::uint64_t min_rate = 240;

    std::size_t connections = 10'000;           ///< open at once in one process; 0: no limit
    std::size_t connections_per_client = 0;     ///< of one IPv4 address or IPv6 /64; 0: no limit
    std::uint64_t requests_per_connection = 0;  ///< the last is answered with `Connection: close`; 0: no limit

    Strictness strictness = Strictness::standard;
};

}  // namespace basehttp
