// AddressRange: the addresses that `192.0.2.0/24`, `2001:db8::/32` or a single address name. A plain value.
#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>

namespace basehttpd {

class AddressRange {
  public:
    /// The error is a sentence.
    static std::expected<AddressRange, std::string> parse(std::string_view text);

    static bool is_address(std::string_view text);

    /// Whether `address`, as text, lies within. An IPv4 address counts as the same in either of its forms.
    bool contains(std::string_view address) const;

  private:
    std::array<unsigned char, 16> prefix_{};  // IPv4 as ::ffff:a.b.c.d
    unsigned bits_ = 128;
};

}  // namespace basehttpd
