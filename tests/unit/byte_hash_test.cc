#include "basehttp/text/byte_hash.h"

#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

using basehttp::byte_hash;

// Each bit of each byte counts, at each place of texts of each size.
BOOST_AUTO_TEST_CASE(texts_that_differ_in_a_bit_differ_in_their_hash) {
    std::set<std::uint64_t> seen;
    std::size_t texts = 0;
    for (std::size_t size = 0; size <= 40; ++size) {
        std::string text(size, 'a');
        seen.insert(byte_hash(text, 1));
        ++texts;
        for (std::size_t at = 0; at < size; ++at) {
            for (unsigned bit = 1; bit < 256; bit *= 2) {
                text[at] = static_cast<char>('a' ^ bit);
                seen.insert(byte_hash(text, 1));
                ++texts;
            }
            text[at] = 'a';
        }
    }
    BOOST_TEST(seen.size() == texts);
}

BOOST_AUTO_TEST_CASE(zeros_count_too) {
    std::set<std::uint64_t> seen;
    for (std::size_t size = 0; size <= 40; ++size)
        seen.insert(byte_hash(std::string(size, '\0'), 0));
    BOOST_TEST(seen.size() == 41U);
}

// Two texts that fall together with one seed do not with the next.
BOOST_AUTO_TEST_CASE(the_seed_decides_where_texts_fall) {
    constexpr std::uint64_t kPlaces = 64;
    int together = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed)
        together += byte_hash("/one", seed) % kPlaces == byte_hash("/other-path", seed) % kPlaces ? 1 : 0;
    BOOST_TEST(together > 0);
    BOOST_TEST(together < 60);
}

BOOST_AUTO_TEST_CASE(the_hash_is_of_the_bytes_alone) {
    const std::string text = "x/a/path/that/is/longer/than/a/step";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const std::string copy = text.substr(0, size);
        BOOST_TEST(byte_hash(copy, 7) == byte_hash(std::string_view(text).substr(0, size), 7));
    }
}
