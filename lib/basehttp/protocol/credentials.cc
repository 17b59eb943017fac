#include "basehttp/protocol/credentials.h"

#include <algorithm>
#include <cstdint>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// The value of a base64 digit (RFC 4648, section 4), or -1.
int digit_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

std::optional<std::string> decode_base64(std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = digit_value(c);
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xff);
    }
    return bytes;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::optional<Credentials> basic_credentials(const Fields& fields) {
    constexpr std::string_view kScheme = "Basic ";
    if (fields.count(KnownField::authorization) != 1) return std::nullopt;
    std::string_view value = *fields.find(KnownField::authorization);
    if (!equals_ignoring_case(value.substr(0, kScheme.size()), kScheme)) return std::nullopt;
    value.remove_prefix(std::min(value.find_first_not_of(' ', kScheme.size()), value.size()));
    const auto pair = decode_base64(value);
    if (!pair || std::ranges::any_of(*pair, is_control)) return std::nullopt;
    const std::size_t colon = pair->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return Credentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

bool same_secret(std::string_view given, std::string_view known) {
    if (given.size() != known.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < given.size(); ++i)
        difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(known[i]);
    return difference == 0;
}

}  // namespace basehttp
