#include "daemon/ctl/logs/counts/keyed_hash.h"

#include <cstring>
#include <random>

namespace basehttpd {
namespace {

std::uint64_t draw() {
    std::random_device source;
    return std::uint64_t{source()} << 32U | source();
}

// Both halves of the product depend on all bits of both factors.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t load(const char* bytes, std::size_t count) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, count);
    return word;
}

}  // namespace

KeyedHash::KeyedHash() : start_(draw()), factor_(draw() | 1U) {}

std::uint64_t KeyedHash::operator()(std::string_view text) const {
    std::uint64_t hash = start_ ^ text.size();
    while (text.size() >= sizeof hash) {
        hash = fold(hash ^ load(text.data(), sizeof hash), factor_);
        text.remove_prefix(sizeof hash);
    }
    return fold(hash ^ load(text.data(), text.size()), factor_);
}

}  // namespace basehttpd
