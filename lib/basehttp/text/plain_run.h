// How much of a text needs no escaping, in logs as in JSON: printable ASCII but the quotation mark and the backslash.
// Nearly all text that is logged is such, so sixteen or eight bytes are looked at in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "basehttp/text/sixteen.h"

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

inline std::uint64_t eight_at(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

// Of a text in which the bytes before `size` are known to stand for themselves.
inline std::size_t run_from(std::string_view text, std::size_t size) {
    while (size + 8 <= text.size() && all_stand_for_themselves(eight_at(text.data() + size)))
        size += 8;
    while (size < text.size() && stands_for_itself(text[size]))
        ++size;
    return size;
}

#ifdef __SSE2__
// Marks the bytes that do not stand for themselves. Those from 0x80 on are negative.
inline __m128i not_plain(__m128i bytes) {
    return _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)), _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '))));
}

// How many of sixteen bytes stand for themselves, up to the first that does not.
inline std::size_t run_of_sixteen(__m128i bytes) {
    return sixteen_before(not_plain(bytes));
}
#endif

}  // namespace plain_run_detail

/// Bytes at the beginning of `text` that stand for themselves.
inline std::size_t plain_run(std::string_view text) {
#ifdef __SSE2__
    if (text.size() >= kSixteen) return size_before<plain_run_detail::not_plain>(text);
#endif
    return plain_run_detail::run_from(text, 0);
}

}  // namespace basehttp
