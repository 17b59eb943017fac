// What a field line is made of, sixteen bytes at a time where the processor can. Pure.
#pragma once

#include <bit>
#include <cstddef>
#include <string_view>

#include "basehttp/text/ascii.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace basehttp {

#ifdef __SSE2__
namespace field_scan_detail {

inline constexpr std::size_t kStep = 16;

inline __m128i sixteen_at(const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

// Which bytes are, as numbers without a sign, `most` at most.
inline __m128i up_to(__m128i bytes, char most) {
    return _mm_cmpeq_epi8(bytes, _mm_min_epu8(bytes, _mm_set1_epi8(most)));
}

inline __m128i is_from_to(__m128i bytes, char first, char last) {
    return up_to(_mm_sub_epi8(bytes, _mm_set1_epi8(first)), static_cast<char>(last - first));
}

// How many bytes are letters, digits and hyphens, up to the first that is not.
inline std::size_t usual_name_bytes(const char* at) {
    const __m128i bytes = sixteen_at(at);
    const __m128i letter = is_from_to(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i digit = is_from_to(bytes, '0', '9');
    const __m128i hyphen = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    const __m128i found = _mm_or_si128(letter, _mm_or_si128(digit, hyphen));
    return static_cast<std::size_t>(std::countr_one(static_cast<unsigned>(_mm_movemask_epi8(found))));
}

inline __m128i control_bytes_of(const char* at) {
    const __m128i bytes = sixteen_at(at);
    return _mm_or_si128(up_to(bytes, 0x1f), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
}

}  // namespace field_scan_detail
#endif

/// token_size(), quick where the token is of letters, digits and hyphens.
inline std::size_t field_name_size(std::string_view line) {
    std::size_t size = 0;
#ifdef __SSE2__
    using namespace field_scan_detail;
    while (size + kStep <= line.size()) {
        const std::size_t run = usual_name_bytes(line.data() + size);
        size += run;
        if (run < kStep) break;
    }
#endif
    return size + token_size(line.substr(size));
}

/// is_field_text(), quick where the text is long and has no tab.
inline bool is_field_value(std::string_view text) {
#ifdef __SSE2__
    using namespace field_scan_detail;
    if (text.size() >= kStep) {
        const std::size_t last = text.size() - kStep;
        __m128i found = control_bytes_of(text.data() + last);
        for (std::size_t at = 0; at < last; at += kStep)
            found = _mm_or_si128(found, control_bytes_of(text.data() + at));
        if (_mm_movemask_epi8(found) == 0) return true;
    }
#endif
    return is_field_text(text);
}

}  // namespace basehttp
