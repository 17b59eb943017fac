// What a field line is made of, sixteen bytes at a time where the processor can. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "basehttp/text/ascii.h"
#include "basehttp/text/sixteen.h"

namespace basehttp {

constexpr bool is_control_byte(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

#ifdef __SSE2__
namespace field_scan_detail {

inline __m128i is_from_to(__m128i bytes, char first, char last) {
    return sixteen_up_to(_mm_sub_epi8(bytes, _mm_set1_epi8(first)), static_cast<char>(last - first));
}

// Marks all but letters, digits and hyphens.
inline __m128i unusual_in_names(__m128i bytes) {
    const __m128i letter = is_from_to(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i digit = is_from_to(bytes, '0', '9');
    const __m128i hyphen = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return _mm_cmpeq_epi8(_mm_or_si128(letter, _mm_or_si128(digit, hyphen)), _mm_setzero_si128());
}

inline __m128i control_bytes(__m128i bytes) {
    return _mm_or_si128(sixteen_up_to(bytes, 0x1f), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
}

}  // namespace field_scan_detail
#endif

/// token_size(), quick where the token is of letters, digits and hyphens.
inline std::size_t field_name_size(std::string_view line) {
    std::size_t size = 0;
#ifdef __SSE2__
    if (line.size() >= kSixteen) size = size_before<field_scan_detail::unusual_in_names>(line);
#endif
    return size + token_size(line.substr(size));
}

/// How many bytes at the front of `text` are no control bytes: a field value that has no tab ends with them.
inline std::size_t size_before_control_byte(std::string_view text) {
#ifdef __SSE2__
    if (text.size() >= kSixteen) return size_before<field_scan_detail::control_bytes>(text);
#endif
    std::size_t size = 0;
    while (size < text.size() && !is_control_byte(text[size]))
        ++size;
    return size;
}

}  // namespace basehttp
