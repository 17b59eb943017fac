// Sixteen bytes of a text in one go, where the processor has SSE2: each x86-64 has it. Pure.
#pragma once

#ifdef __SSE2__

#include <bit>
#include <cstddef>
#include <string_view>

#include <emmintrin.h>

namespace basehttp {

inline constexpr std::size_t kSixteen = sizeof(__m128i);

inline __m128i sixteen_at(const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

inline void put_sixteen(char* out, __m128i bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
}

/// Marks the bytes that, as numbers without a sign, are `most` at most.
inline __m128i sixteen_up_to(__m128i bytes, char most) {
    return _mm_cmpeq_epi8(bytes, _mm_min_epu8(bytes, _mm_set1_epi8(most)));
}

/// How many bytes there are before the first that is marked.
inline std::size_t sixteen_before(__m128i marked) {
    return static_cast<std::size_t>(
        std::countr_zero(static_cast<unsigned>(_mm_movemask_epi8(marked)) | 1U << kSixteen));
}

/// How many bytes of `text`, which has at least sixteen, there are before the first that `mark(sixteen)` marks.
template <__m128i (*mark)(__m128i)>
std::size_t size_before(std::string_view text) {
    for (std::size_t size = 0; size + kSixteen <= text.size(); size += kSixteen) {
        const std::size_t run = sixteen_before(mark(sixteen_at(text.data() + size)));
        if (run < kSixteen) return size + run;
    }
    // The rest, together with bytes before it that are known by now.
    const std::size_t last = text.size() - kSixteen;
    return last + sixteen_before(mark(sixteen_at(text.data() + last)));
}

}  // namespace basehttp

#endif
