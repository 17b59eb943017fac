#include "daemon/ctl/logs/lines/address_range.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "daemon/config/config_error.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using Bytes = std::array<unsigned char, 16>;

constexpr unsigned kMappedBits = 96;
constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct Parsed {
    Bytes bytes{};
    bool v4 = false;
};

std::optional<Parsed> parse_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.empty() || text.size() >= copy.size()) return std::nullopt;
    std::ranges::copy(text, copy.begin());
    Parsed parsed{kMapped};
    if (::inet_pton(AF_INET, copy.data(), &parsed.bytes[12]) == 1) {
        parsed.v4 = true;
        return parsed;
    }
    if (::inet_pton(AF_INET6, copy.data(), parsed.bytes.data()) == 1) return parsed;
    return std::nullopt;
}

}  // namespace

std::expected<AddressRange, std::string> AddressRange::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address)
        return std::unexpected(in_quotes(text) + " is no address; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32");
    const unsigned width = address->v4 ? 32 : 128;
    AddressRange range;
    range.prefix_ = address->bytes;
    if (slash == std::string_view::npos) return range;
    unsigned bits = 0;
    const std::string_view length = text.substr(slash + 1);
    const auto [rest, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc{} || rest != length.data() + length.size() || bits > width) {
        return std::unexpected(in_quotes(text) + (address->v4 ? ": the length of a prefix is 0 to 32"
                                                              : ": the length of a prefix is 0 to 128"));
    }
    range.bits_ = bits + 128 - width;
    return range;
}

bool AddressRange::is_address(std::string_view text) {
    return parse_address(text).has_value();
}

bool AddressRange::contains(std::string_view address) const {
    const auto parsed = parse_address(address);
    if (!parsed) return false;
    const bool wide = bits_ < kMappedBits;  // `::/0` means IPv6, and no mapped addresses
    if (wide && std::ranges::equal(std::span(parsed->bytes).first(12), std::span(kMapped).first(12))) return false;
    for (unsigned bit = 0; bit < bits_; bit += 8) {
        const unsigned compared = std::min(bits_ - bit, 8U);
        const unsigned mask = 0xffU << (8 - compared) & 0xffU;
        if (((parsed->bytes[bit / 8] ^ prefix_[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

}  // namespace basehttpd
