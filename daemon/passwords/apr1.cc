#include "daemon/passwords/apr1.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "daemon/passwords/md5.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostSalt = 8;
constexpr unsigned kRounds = 1000;

std::string_view salt_of(std::string_view setting) {
    const std::string_view rest = setting.substr(kApr1.size());
    return rest.substr(0, rest.find('$')).substr(0, kMostSalt);
}

std::string sum(std::string_view text) {
    const Md5 digest = md5(text);
    return {digest.begin(), digest.end()};
}

std::string first_sum(std::string_view password, std::string_view salt) {
    const std::string inner = sum(std::string(password).append(salt).append(password));
    std::string text = std::string(password).append(kApr1).append(salt);
    for (std::size_t left = password.size(); left > 0; left -= std::min(left, inner.size()))
        text.append(inner, 0, left);
    for (std::size_t bits = password.size(); bits != 0; bits >>= 1U)
        text += (bits & 1U) != 0 ? '\0' : password.front();
    return sum(text);
}

void append_digits(std::string& out, std::uint32_t value, int count) {
    constexpr std::string_view kDigits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (; count > 0; --count, value >>= 6U)
        out += kDigits[value & 0x3fU];
}

std::string encoded(std::string_view digest) {
    constexpr std::array<std::array<std::size_t, 3>, 5> kGroups{
        {{0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}}};
    const auto byte = [digest](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(digest[at])}; };
    std::string text;
    for (const auto& [high, middle, low] : kGroups)
        append_digits(text, byte(high) << 16U | byte(middle) << 8U | byte(low), 4);
    append_digits(text, byte(11), 2);
    return text;
}

}  // namespace

std::string apr1_hash(std::string_view password, std::string_view setting) {
    const std::string_view salt = salt_of(setting);
    std::string digest = first_sum(password, salt);
    for (unsigned round = 0; round < kRounds; ++round) {
        const bool odd = round % 2 == 1;
        std::string text(odd ? password : std::string_view(digest));
        if (round % 3 != 0) text.append(salt);
        if (round % 7 != 0) text.append(password);
        text.append(odd ? std::string_view(digest) : password);
        digest = sum(text);
    }
    return std::string(kApr1).append(salt).append("$").append(encoded(digest));
}

}  // namespace basehttpd
