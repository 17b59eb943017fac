// Numbers in decimal digits, written where there is room: what lines of logs are full of. std::to_chars() is made for
// any base and any range, and takes three times as long.
#pragma once

#include <array>
#include <bit>
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

// The least numbers of so many digits and one more.
inline constexpr std::array<std::uint64_t, kLongestDecimal> kPowers = [] {
    std::array<std::uint64_t, kLongestDecimal> powers{};
    std::uint64_t power = 1;
    for (std::uint64_t& each : powers) {
        each = power;
        power *= 10;
    }
    return powers;
}();

// log10(2) is about 1233/4096; the guess may be one too low.
constexpr std::size_t count_digits(std::uint64_t number) {
    const auto guess = static_cast<std::size_t>(std::bit_width(number | 1U)) * 1233 >> 12U;
    return guess + (number >= kPowers[guess] || guess == 0 ? 1 : 0);
}

}  // namespace decimal_detail

/// Writes the digits of `number` to `out`; where they end.
inline char* write_decimal(char* out, std::uint64_t number) {
    char* const end = out + decimal_detail::count_digits(number);
    char* at = end;
    for (; number >= 100; number /= 100) {
        at -= 2;
        std::memcpy(at, &decimal_detail::kPairs[2 * (number % 100)], 2);
    }
    if (number >= 10) {
        std::memcpy(at - 2, &decimal_detail::kPairs[2 * number], 2);
    } else {
        at[-1] = static_cast<char>('0' + number);
    }
    return end;
}

/// The same with a minus before a number below zero.
inline char* write_decimal(char* out, std::int64_t number) {
    auto size = static_cast<std::uint64_t>(number);
    if (number < 0) {
        *out++ = '-';
        size = 0 - size;
    }
    return write_decimal(out, size);
}

}  // namespace basehttp
