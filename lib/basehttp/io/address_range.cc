#include "basehttp/io/address_range.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace basehttp {

std::expected<AddressRange, std::string> AddressRange::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = ClientAddress::parse(text.substr(0, slash));
    if (!address) return std::unexpected("is not an address");
    AddressRange range;
    range.address_ = address->unmapped();
    range.bits_ = range.width();
    if (slash == std::string_view::npos) return range;
    // The prefix of an IPv4 address in its IPv6 form is written as one of 128 bits.
    const unsigned written = address->family == ClientAddress::Family::ipv4 ? 32 : 128;
    const unsigned least = written - range.width();
    unsigned bits = 0;
    const std::string_view length = text.substr(slash + 1);
    const auto [rest, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc{} || rest != length.data() + length.size() || bits < least || bits > written)
        return std::unexpected(fmt::format("has a prefix whose length is not {} to {}", least, written));
    range.bits_ = bits - least;
    return range;
}

bool AddressRange::contains(const ClientAddress& address) const {
    const ClientAddress plain = address.unmapped();
    if (plain.family != address_.family) return false;
    for (unsigned bit = 0; bit < bits_; bit += 8) {
        const unsigned compared = std::min(bits_ - bit, 8U);
        const unsigned mask = 0xffU << (8 - compared) & 0xffU;
        if (((plain.bytes[bit / 8] ^ address_.bytes[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

std::string AddressRange::text() const {
    return bits_ == width() ? address_.text() : fmt::format("{}/{}", address_.text(), bits_);
}

}  // namespace basehttp
