#include "basehttp/log/request_id.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

namespace basehttp {
namespace {

char* write_hex(char* out, std::uint64_t number, int least_digits) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const int digits = std::max(least_digits, (static_cast<int>(std::bit_width(number)) + 3) / 4);
    for (char* at = out + digits; at != out; number >>= 4U)
        *--at = kHex[number & 15U];
    return out + digits;
}

}  // namespace

char* RequestId::write(char* out) const {
    out = write_hex(out, instance, 8);
    *out++ = '-';
    out = write_hex(out, connection, 1);
    *out++ = '-';
    return write_hex(out, request, 1);
}

void RequestId::append_to(std::string& out) const {
    std::array<char, kLongestText> text;
    out.append(text.data(), static_cast<std::size_t>(write(text.data()) - text.data()));
}

std::string RequestId::text() const {
    std::string out;
    append_to(out);
    return out;
}

}  // namespace basehttp
