#include "basehttp/io/proxy_header.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

using namespace std::string_view_literals;

using Outcome = std::expected<std::optional<ProxyHeader>, ProxyHeaderFault>;

constexpr std::string_view kVersion1 = "PROXY ";
constexpr std::string_view kVersion2 = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t kLongestLine = 107;  // with its CRLF

// Cuts the next word off `rest`, and the one space behind it.
std::string_view take_word(std::string_view& rest) {
    const std::size_t space = rest.find(' ');
    const std::string_view word = rest.substr(0, space);
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
    return word;
}

// As it is written: without zeros in front.
std::optional<std::uint16_t> parse_port(std::string_view text) {
    constexpr unsigned kLastPort = 65535;
    constexpr std::size_t kMostDigits = 5;
    if (text.empty() || text.size() > kMostDigits || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    unsigned port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    if (port > kLastPort) return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

std::optional<ClientAddress> parse_address(std::string_view text, ClientAddress::Family family) {
    if (text.contains('\0')) return std::nullopt;
    const auto address = ClientAddress::parse(text);
    if (!address || address->family != family) return std::nullopt;
    return address;
}

ClientAddress with_port(const ClientAddress& address, std::uint16_t port) {
    ClientAddress client = address.unmapped();
    client.port = port;
    return client;
}

// The line without `PROXY ` and CRLF. Nothing: it is malformed.
std::optional<ClientAddress> parse_addresses(std::string_view rest, ClientAddress::Family family) {
    const auto source = parse_address(take_word(rest), family);
    const auto destination = parse_address(take_word(rest), family);
    const auto port = parse_port(take_word(rest));
    const bool more = rest.contains(' ');
    const auto own_port = parse_port(rest);
    if (!source || !destination || !port || !own_port || more) return std::nullopt;
    return with_port(*source, *port);
}

Outcome parse_version1(std::string_view bytes) {
    const std::size_t end = bytes.substr(0, kLongestLine).find('\n');
    if (end == std::string_view::npos) {
        if (bytes.size() >= kLongestLine) return std::unexpected(ProxyHeaderFault::too_long);
        return std::nullopt;
    }
    if (bytes[end - 1] != '\r') return std::unexpected(ProxyHeaderFault::malformed);
    std::string_view line = bytes.substr(kVersion1.size(), end - 1 - kVersion1.size());
    const std::string_view family = take_word(line);
    if (family == "UNKNOWN") return ProxyHeader{.size = end + 1};
    if (family != "TCP4" && family != "TCP6") return std::unexpected(ProxyHeaderFault::malformed);
    const auto client =
        parse_addresses(line, family == "TCP4" ? ClientAddress::Family::ipv4 : ClientAddress::Family::ipv6);
    if (!client) return std::unexpected(ProxyHeaderFault::malformed);
    return ProxyHeader{.size = end + 1, .client = client};
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

unsigned number_at(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8U | byte_at(bytes, at + 1);
}

// Source and destination, then both ports.
Outcome parse_ip(std::string_view addresses, ClientAddress::Family family, std::size_t size, ProxyHeader header) {
    if (addresses.size() < 2 * size + 4) return std::unexpected(ProxyHeaderFault::too_short);
    ClientAddress source{.family = family};
    std::ranges::copy(addresses.substr(0, size), source.bytes.begin());
    header.client = with_port(source, static_cast<std::uint16_t>(number_at(addresses, 2 * size)));
    return header;
}

Outcome parse_version2(std::string_view bytes) {
    constexpr std::size_t kFixed = 16;
    constexpr std::size_t kUnixAddresses = 216;
    constexpr unsigned kLocal = 0x20;
    constexpr unsigned kProxy = 0x21;
    if (bytes.size() > kVersion2.size()) {
        const unsigned command = byte_at(bytes, kVersion2.size());
        if (command != kLocal && command != kProxy) return std::unexpected(ProxyHeaderFault::unsupported);
    }
    if (bytes.size() < kFixed) return std::nullopt;
    ProxyHeader header{.size = kFixed + number_at(bytes, kFixed - 2)};
    if (header.size > ProxyHeader::kLongest) return std::unexpected(ProxyHeaderFault::too_long);
    if (bytes.size() < header.size) return std::nullopt;
    if (byte_at(bytes, kVersion2.size()) == kLocal) return header;
    const std::string_view addresses = bytes.substr(kFixed, header.size - kFixed);
    switch (byte_at(bytes, kVersion2.size() + 1)) {  // family and transport
        case 0x00:
            return header;
        case 0x11:
            return parse_ip(addresses, ClientAddress::Family::ipv4, 4, header);
        case 0x21:
            return parse_ip(addresses, ClientAddress::Family::ipv6, 16, header);
        case 0x31:
            if (addresses.size() < kUnixAddresses) return std::unexpected(ProxyHeaderFault::too_short);
            header.client = ClientAddress{};
            return header;
        default:
            return std::unexpected(ProxyHeaderFault::unsupported);
    }
}

// Whether `bytes` begins with `start`, as far as it has come.
bool may_begin_with(std::string_view bytes, std::string_view start) {
    const std::size_t size = std::min(bytes.size(), start.size());
    return bytes.substr(0, size) == start.substr(0, size);
}

}  // namespace

std::string_view describe(ProxyHeaderFault fault) {
    switch (fault) {
        case ProxyHeaderFault::absent:
            return "something other than a PROXY header";
        case ProxyHeaderFault::too_long:
            return "a PROXY header that is too long";
        case ProxyHeaderFault::malformed:
            return "a malformed PROXY header";
        case ProxyHeaderFault::unsupported:
            return "a PROXY header of an unknown version, command or family";
        case ProxyHeaderFault::too_short:
            return "a PROXY header that is too short for its addresses";
    }
    return {};
}

Outcome parse_proxy_header(std::string_view bytes) {
    if (may_begin_with(bytes, kVersion1))
        return bytes.size() <= kVersion1.size() ? Outcome(std::nullopt) : parse_version1(bytes);
    if (may_begin_with(bytes, kVersion2))
        return bytes.size() < kVersion2.size() ? Outcome(std::nullopt) : parse_version2(bytes);
    return std::unexpected(ProxyHeaderFault::absent);
}

}  // namespace basehttp
