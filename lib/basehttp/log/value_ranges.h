// ValueRanges: numbers counted in ranges whose width grows with them, so that few ranges tell any percentile to
// within a part of itself: each power of two is cut into 2^Bits. Pure.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace basehttp {

template <unsigned Bits>
struct ValueRanges {
    static constexpr std::size_t kInOctave = std::size_t{1} << Bits;

    /// Values below 2^Bits have a range each; above, the leading Bits + 1 bits name the range.
    static constexpr std::size_t of(std::uint64_t value) {
        const auto width = static_cast<unsigned>(std::bit_width(value));
        if (width <= Bits) return value;
        const unsigned shift = width - Bits - 1;
        return (std::size_t{shift} << Bits) + (value >> shift);
    }

    /// The largest value of a range.
    static constexpr std::uint64_t last_of(std::size_t range) {
        const std::size_t group = range >> Bits;
        if (group == 0) return range;
        const auto shift = static_cast<unsigned>(group) - 1;
        const std::uint64_t leading = kInOctave + (range & (kInOctave - 1));
        return ((leading + 1) << shift) - 1;
    }
};

}  // namespace basehttp
