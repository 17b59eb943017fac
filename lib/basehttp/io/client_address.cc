#include "basehttp/io/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace basehttp {

static_assert(ClientAddress::kLongestText == INET6_ADDRSTRLEN);

namespace {

// ::ffff:0:0/96 (RFC 4291, 2.5.5.2): an IPv4 client on a socket that takes both.
constexpr std::array<unsigned char, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool contains_ipv4(const std::array<unsigned char, 16>& bytes) {
    return std::ranges::equal(kMappedPrefix, std::span(bytes).first<kMappedPrefix.size()>());
}

void keep_bits(std::span<unsigned char> bytes, unsigned bits) {
    for (unsigned char& byte : bytes) {
        const unsigned kept = std::min(bits, 8U);
        byte = static_cast<unsigned char>(byte & (0xff00U >> kept));
        bits -= kept;
    }
}

// The digits of each octet with a full stop behind them, and how many bytes that makes.
struct OctetText {
    std::array<char, 4> text{};
    std::uint8_t size = 0;
};

constexpr std::array<OctetText, 256> kOctets = [] {
    std::array<OctetText, 256> octets{};
    for (std::size_t value = 0; value < octets.size(); ++value) {
        OctetText& octet = octets[value];
        if (value >= 100) octet.text[octet.size++] = static_cast<char>('0' + value / 100);
        if (value >= 10) octet.text[octet.size++] = static_cast<char>('0' + value / 10 % 10);
        octet.text[octet.size++] = static_cast<char>('0' + value % 10);
        octet.text[octet.size++] = '.';
    }
    return octets;
}();

char* write_ipv4(char* out, const unsigned char* bytes) {
    for (std::size_t i = 0; i < 4; ++i) {
        const OctetText& octet = kOctets[bytes[i]];
        std::memcpy(out, octet.text.data(), octet.text.size());
        out += octet.size;
    }
    return out - 1;  // the last full stop
}

}  // namespace

std::optional<ClientAddress> ClientAddress::parse(std::string_view text) {
    std::array<char, kLongestText> copy{};
    if (text.size() >= copy.size()) return std::nullopt;
    std::ranges::copy(text, copy.begin());
    ClientAddress address;
    if (::inet_pton(AF_INET, copy.data(), address.bytes.data()) == 1) {
        address.family = Family::ipv4;
    } else if (::inet_pton(AF_INET6, copy.data(), address.bytes.data()) == 1) {
        address.family = Family::ipv6;
    } else {
        return std::nullopt;
    }
    return address;
}

std::string ClientAddress::text() const {
    std::string out;
    append_to(out);
    return out;
}

void ClientAddress::append_to(std::string& out) const {
    std::array<char, kLongestText> text;
    out.append(text.data(), static_cast<std::size_t>(write(text.data()) - text.data()));
}

char* ClientAddress::write(char* out) const {
    constexpr std::string_view kNoAddress = "unix:";
    switch (family) {
        case Family::none:
            return std::ranges::copy(kNoAddress, out).out;
        case Family::ipv4:
            return write_ipv4(out, bytes.data());
        case Family::ipv6:
            ::inet_ntop(AF_INET6, bytes.data(), out, kLongestText);
            return out + std::strlen(out);
    }
    return out;
}

ClientAddress ClientAddress::masked(unsigned ipv4_bits, unsigned ipv6_bits) const {
    ClientAddress kept = *this;
    const std::span all(kept.bytes);
    switch (family) {
        case Family::none:
            return kept;
        case Family::ipv4:
            if (ipv4_bits >= 32) return kept;
            keep_bits(all.first<4>(), ipv4_bits);
            break;
        case Family::ipv6:
            if (contains_ipv4(bytes)) {
                if (ipv4_bits >= 32) return kept;
                keep_bits(all.last<4>(), ipv4_bits);
            } else {
                if (ipv6_bits >= 128) return kept;
                keep_bits(all, ipv6_bits);
            }
            break;
    }
    kept.port = 0;
    return kept;
}

ClientAddress ClientAddress::unmapped() const {
    ClientAddress plain = *this;
    plain.port = 0;
    if (family != Family::ipv6 || !contains_ipv4(bytes)) return plain;
    plain.family = Family::ipv4;
    plain.bytes = {};
    std::ranges::copy(std::span(bytes).last<4>(), plain.bytes.begin());
    return plain;
}

}  // namespace basehttp
