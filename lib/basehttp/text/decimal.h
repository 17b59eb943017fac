// Numbers in decimal digits, written where there is room: what lines of logs are full of. Nearly all of them have
// four digits at most; std::to_chars() takes several times as long for these.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace basehttp {

/// Bytes that write_decimal() takes at most.
inline constexpr std::size_t kLongestDecimal = 20;

namespace decimal_detail {

inline constexpr std::array<char, 200> kPairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

inline char* write_pair(char* out, std::uint32_t number) {
    std::memcpy(out, kPairs.data() + std::size_t{2} * number, 2);
    return out + 2;
}

inline char* write_digit(char* out, std::uint32_t number) {
    *out = static_cast<char>('0' + number);
    return out + 1;
}

}  // namespace decimal_detail

/// Writes the digits of `number` to `out`; where they end.
inline char* write_decimal(char* out, std::int64_t number) {
    if (number < 0 || number >= 10'000) return std::to_chars(out, out + kLongestDecimal, number).ptr;
    const auto small = static_cast<std::uint32_t>(number);
    if (small < 10) return decimal_detail::write_digit(out, small);
    if (small < 100) return decimal_detail::write_pair(out, small);
    const std::uint32_t hundreds = small / 100;
    out = small < 1000 ? decimal_detail::write_digit(out, hundreds) : decimal_detail::write_pair(out, hundreds);
    return decimal_detail::write_pair(out, small % 100);
}

}  // namespace basehttp
