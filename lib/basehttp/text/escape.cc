#include "basehttp/text/escape.h"

#include <cstddef>

#include "basehttp/text/plain_run.h"
#include "basehttp/text/sixteen.h"
#include "basehttp/text/string_writer.h"

namespace basehttp {
namespace {

char letter_for(char c) {
    switch (c) {
        case '"':
            return '"';
        case '\\':
            return '\\';
        case '\b':
            return 'b';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '\v':
            return 'v';
        default:
            return '\0';
    }
}

char* write_escape(char* out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    *out++ = '\\';
    if (const char letter = letter_for(c); letter != '\0') {
        *out++ = letter;
        return out;
    }
    const auto byte = static_cast<unsigned char>(c);
    *out++ = 'x';
    *out++ = kHex[byte >> 4U];
    *out++ = kHex[byte & 15U];
    return out;
}

char* write_bytewise(char* out, const char* at, const char* end) {
    for (; at != end; ++at) {
        if (stands_for_itself(*at)) {
            *out++ = *at;
        } else {
            out = write_escape(out, *at);
        }
    }
    return out;
}

#ifdef __SSE2__
using plain_run_detail::run_of_sixteen;

// Of at least sixteen bytes. Each step copies them, and counts those before the first that must be escaped.
char* write_long(char* out, const char* at, const char* end) {
    while (end - at >= static_cast<std::ptrdiff_t>(kSixteen)) {
        const __m128i bytes = sixteen_at(at);
        put_sixteen(out, bytes);
        const std::size_t run = run_of_sixteen(bytes);
        at += run;
        out += run;
        if (run < kSixteen) out = write_escape(out, *at++);
    }
    if (at == end) return out;
    // The rest together with bytes before it: where none of those was escaped either, they stand before `out` too.
    const __m128i bytes = sixteen_at(end - kSixteen);
    if (run_of_sixteen(bytes) < kSixteen) return write_bytewise(out, at, end);
    out += end - at;
    put_sixteen(out - kSixteen, bytes);
    return out;
}

// Of at least eight bytes: the first and the last of them, which may overlap.
char* write_middling(char* out, std::string_view text) {
    const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(text.data()));
    const __m128i last = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(text.data() + text.size() - 8));
    if (run_of_sixteen(_mm_unpacklo_epi64(first, last)) < kSixteen)
        return write_bytewise(out, text.data(), text.data() + text.size());
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out), first);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + text.size() - 8), last);
    return out + text.size();
}
#endif

}  // namespace

char* write_escaped(char* out, std::string_view text) {
#ifdef __SSE2__
    if (text.size() >= kSixteen) return write_long(out, text.data(), text.data() + text.size());
    if (text.size() >= 8) return write_middling(out, text);
    return write_bytewise(out, text.data(), text.data() + text.size());
#else
    const std::size_t plain = plain_run(text);
    text.copy(out, plain);
    return write_bytewise(out + plain, text.data() + plain, text.data() + text.size());
#endif
}

void append_escaped(std::string& out, std::string_view text) {
    StringWriter writer(out);
    writer.wrote(write_escaped(writer.room(kLongestEscape * text.size()), text));
}

}  // namespace basehttp
