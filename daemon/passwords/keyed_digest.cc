#include "daemon/passwords/keyed_digest.h"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <system_error>

namespace basehttpd {
namespace {

using State = std::array<std::uint64_t, 4>;

void mix(State& v, int rounds) {
    for (; rounds > 0; --rounds) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = std::rotl(v[1], 13) ^ v[0];
        v[3] = std::rotl(v[3], 16) ^ v[2];
        v[0] = std::rotl(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = std::rotl(v[1], 17) ^ v[2];
        v[3] = std::rotl(v[3], 21) ^ v[0];
        v[2] = std::rotl(v[2], 32);
    }
}

void add_word(State& v, std::uint64_t word) {
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
}

// At most eight bytes, the first one lowest.
std::uint64_t word_of(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return word;
}

KeyedDigest::Key draw_key() {
    KeyedDigest::Key key{};
    if (::getrandom(key.data(), sizeof key, 0) != sizeof key)
        throw std::system_error(errno, std::generic_category(), "getrandom");
    return key;
}

}  // namespace

KeyedDigest::KeyedDigest() : key_(draw_key()) {}

KeyedDigest::Digest KeyedDigest::operator()(std::string_view text) const {
    constexpr std::size_t kWord = 8;
    State v{key_[0] ^ 0x736f6d6570736575, key_[1] ^ 0x646f72616e646f6d ^ 0xee, key_[0] ^ 0x6c7967656e657261,
            key_[1] ^ 0x7465646279746573};
    std::string_view rest = text;
    for (; rest.size() >= kWord; rest.remove_prefix(kWord))
        add_word(v, word_of(rest.substr(0, kWord)));
    add_word(v, word_of(rest) | std::uint64_t{text.size()} << 56U);
    v[2] ^= 0xee;
    mix(v, 4);
    Digest digest{v[0] ^ v[1] ^ v[2] ^ v[3], 0};
    v[1] ^= 0xdd;
    mix(v, 4);
    digest[1] = v[0] ^ v[1] ^ v[2] ^ v[3];
    return digest;
}

}  // namespace basehttpd
