// ProxyHeader: what a proxy says of a connection before anything else, in version 1 or 2 of the PROXY protocol
// (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt). Pure.
//
//     v1 = "PROXY" SP ( "UNKNOWN" *BYTE / ( "TCP4" / "TCP6" ) SP source SP destination SP port SP port ) CRLF
//     v2 = %x0D.0A.0D.0A.00.0D.0A.51.55.49.54.0A version-and-command family-and-transport length addresses *TLV
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "basehttp/io/client_address.h"

namespace basehttp {

struct ProxyHeader {
    /// The longest that is taken; of version 2 that leaves ample room for what follows the addresses.
    static constexpr std::size_t kLongest = 4096;

    std::size_t size = 0;                   ///< in bytes: what follows is the client's
    std::optional<ClientAddress> client{};  ///< nothing: the proxy speaks for itself, or does not know

    friend bool operator==(const ProxyHeader&, const ProxyHeader&) = default;
};

enum class ProxyHeaderFault : std::uint8_t {
    absent,       ///< the bytes are something else
    too_long,     ///< for its version, or for us
    malformed,    ///< of version 1
    unsupported,  ///< another version, command, family or transport
    too_short,    ///< of version 2: the addresses do not fit
};

/// Completes `the connection begins with`.
std::string_view describe(ProxyHeaderFault fault);

/// The header at the front of `bytes`; nothing where more bytes must come.
std::expected<std::optional<ProxyHeader>, ProxyHeaderFault> parse_proxy_header(std::string_view bytes);

}  // namespace basehttp
