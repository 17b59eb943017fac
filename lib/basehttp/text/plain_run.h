// How much of a text needs no escaping, in logs as in JSON: printable ASCII but the quotation mark and the backslash.
// Nearly all text that is logged is such, so eight bytes are looked at in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace basehttp {

constexpr bool stands_for_itself(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

namespace plain_run_detail {

inline constexpr std::uint64_t kEach = 0x0101010101010101;
inline constexpr std::uint64_t kTops = 0x8080808080808080;

// A top bit set for some byte that is zero; where none is, nothing is set.
constexpr std::uint64_t zeros(std::uint64_t bytes) {
    return (bytes - kEach) & ~bytes & kTops;
}

constexpr bool all_stand_for_themselves(std::uint64_t bytes) {
    const std::uint64_t below_space = (bytes - kEach * ' ') & ~bytes;
    const std::uint64_t quotes = zeros(bytes ^ (kEach * '"'));
    const std::uint64_t backslashes = zeros(bytes ^ (kEach * '\\'));
    const std::uint64_t deletes = zeros(bytes ^ (kEach * 0x7f));
    return ((bytes | below_space | quotes | backslashes | deletes) & kTops) == 0;
}

}  // namespace plain_run_detail

/// Bytes at the beginning of `text` that stand for themselves.
inline std::size_t plain_run(std::string_view text) {
    std::size_t size = 0;
    for (std::uint64_t bytes = 0; size + sizeof bytes <= text.size(); size += sizeof bytes) {
        std::memcpy(&bytes, text.data() + size, sizeof bytes);
        if (!plain_run_detail::all_stand_for_themselves(bytes)) break;
    }
    while (size < text.size() && stands_for_itself(text[size]))
        ++size;
    return size;
}

}  // namespace basehttp
