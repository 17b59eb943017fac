// byte_hash(): a hash of bytes for tables in memory, eight bytes at a step. With a seed that nobody knows, who
// chooses the bytes does not choose where they fall. Not for what is kept or sent: it may change with the version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace basehttp {

namespace byte_hash_detail {

constexpr std::uint64_t kFirst = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kSecond = 0xd6e8feb86659fd93;

/// Both halves of the product: each bit of it depends on all bits of both.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Product = unsigned __int128;
    const Product product = Product{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

template <typename Word>
std::uint64_t load(const char* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

}  // namespace byte_hash_detail

inline std::uint64_t byte_hash(std::string_view bytes, std::uint64_t seed) {
    using namespace byte_hash_detail;
    constexpr std::size_t kStep = 2 * sizeof(std::uint64_t);
    std::uint64_t hash = seed ^ mix(seed ^ kFirst, bytes.size() ^ kSecond);
    for (; bytes.size() > kStep; bytes.remove_prefix(kStep))
        hash = mix(load<std::uint64_t>(bytes.data()) ^ hash, load<std::uint64_t>(bytes.data() + 8) ^ kSecond ^ seed);
    // What is left, by its two ends, which may overlap.
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    const std::size_t left = bytes.size();
    if (left >= sizeof(std::uint64_t)) {
        front = load<std::uint64_t>(bytes.data());
        back = load<std::uint64_t>(bytes.data() + left - 8);
    } else if (left >= sizeof(std::uint32_t)) {
        front = load<std::uint32_t>(bytes.data());
        back = load<std::uint32_t>(bytes.data() + left - 4);
    } else if (left > 0) {
        front = load<std::uint8_t>(bytes.data()) << 8U | load<std::uint8_t>(bytes.data() + left / 2);
        back = load<std::uint8_t>(bytes.data() + left - 1);
    }
    return mix(mix(front ^ hash, back ^ kSecond ^ seed), kFirst);
}

}  // namespace basehttp
