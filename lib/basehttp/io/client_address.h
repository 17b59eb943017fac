// ClientAddress: one end of a connection in the form that costs a worker nothing: bytes, not text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace basehttp {

struct ClientAddress {
    enum class Family : std::uint8_t { none, ipv4, ipv6 };
    Family family = Family::none;
    std::uint16_t port = 0;
    std::array<unsigned char, 16> bytes{};

    /// The IPv4 or IPv6 address that `text` is, without a port. nullopt: it is none.
    static std::optional<ClientAddress> parse(std::string_view text);

    /// `127.0.0.1`, `::1`, or `unix:` where the connection has no address.
    std::string text() const;

    /// Appends that text.
    void append_to(std::string& out) const;

    /// Writes it to `out`, which has room for kLongestText bytes; where it ends.
    char* write(char* out) const;
    static constexpr std::size_t kLongestText = 46;

    /// The same address with all but its first bits zero: `ipv4_bits` of 32, or `ipv6_bits` of 128, or `ipv4_bits` of
    /// the last 32 where an IPv6 address contains an IPv4 one. The port goes too, since with it a client could be
    /// told from its neighbours; counts past the address's length change nothing.
    ClientAddress masked(unsigned ipv4_bits, unsigned ipv6_bits) const;

    /// The IPv4 address that an IPv6 one contains (RFC 4291, section 2.5.5.2), else the same one; without its port.
    ClientAddress unmapped() const;

    friend bool operator==(const ClientAddress&, const ClientAddress&) = default;
};

}  // namespace basehttp
