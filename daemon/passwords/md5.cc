#include "daemon/passwords/md5.h"

#include <bit>
#include <cstdint>
#include <string>

namespace basehttpd {
namespace {

constexpr std::size_t kBlock = 64;

constexpr std::array<std::array<int, 4>, 4> kShifts{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

// floor(2^32 * |sin(i + 1)|)
constexpr std::array<std::uint32_t, 64> kSines{
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

using State = std::array<std::uint32_t, 4>;

std::uint32_t word_at(std::string_view block, std::size_t index) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
        word |= std::uint32_t{static_cast<unsigned char>(block[4 * index + i])} << (8 * i);
    return word;
}

// The word of the block that step `i` takes, and the function of its round.
std::uint32_t mixed(std::string_view block, std::size_t i, const State& state) {
    const auto [a, b, c, d] = state;
    switch (i / 16) {
        case 0:
            return ((b & c) | (~b & d)) + word_at(block, i);
        case 1:
            return ((d & b) | (~d & c)) + word_at(block, (5 * i + 1) % 16);
        case 2:
            return (b ^ c ^ d) + word_at(block, (3 * i + 5) % 16);
        default:
            return (c ^ (b | ~d)) + word_at(block, 7 * i % 16);
    }
}

void add_block(State& sum, std::string_view block) {
    State state = sum;
    for (std::size_t i = 0; i < kSines.size(); ++i) {
        const std::uint32_t turned = std::rotl(state[0] + mixed(block, i, state) + kSines[i], kShifts[i / 16][i % 4]);
        state = {state[3], state[1] + turned, state[1], state[2]};
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += state[i];
}

}  // namespace

Md5 md5(std::string_view text) {
    std::string padded(text);
    padded += '\x80';
    while (padded.size() % kBlock != kBlock - 8)
        padded += '\0';
    for (unsigned i = 0; i < 8; ++i)
        padded += static_cast<char>(std::uint64_t{8} * text.size() >> (8 * i));
    State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    for (std::size_t at = 0; at < padded.size(); at += kBlock)
        add_block(state, std::string_view(padded).substr(at, kBlock));
    Md5 sum;
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] = static_cast<unsigned char>(state[i / 4] >> (8 * (i % 4)));
    return sum;
}

}  // namespace basehttpd
