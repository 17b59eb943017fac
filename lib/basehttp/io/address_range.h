// AddressRange: the addresses that `192.0.2.0/24`, `2001:db8::/32` or a single address names. A plain value.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "basehttp/io/client_address.h"

namespace basehttp {

class AddressRange {
  public:
    /// The error says what is wrong with `text`, without naming it: `is not an address`.
    static std::expected<AddressRange, std::string> parse(std::string_view text);

    /// Whether `address` lies within. An IPv4 address counts as the same in either of its forms.
    bool contains(const ClientAddress& address) const;

    /// The address before the slash, and how many of its bits are compared.
    const ClientAddress& address() const { return address_; }
    unsigned bits() const { return bits_; }

    /// The first address that lies within.
    ClientAddress first() const { return address_.masked(bits_, bits_); }

    /// As it is written, with the length of its prefix unless it is a single address.
    std::string text() const;

  private:
    unsigned width() const { return address_.family == ClientAddress::Family::ipv4 ? 32 : 128; }

    ClientAddress address_;  // unmapped
    unsigned bits_ = 0;
};

}  // namespace basehttp
