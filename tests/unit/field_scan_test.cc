#include "basehttp/protocol/field_scan.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace {

constexpr std::size_t kLongest = 40;

// Each byte at each place of a text of each size.
template <typename Check>
void for_each_text(Check check) {
    for (std::size_t size = 0; size <= kLongest; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, 'q');
                text[at] = static_cast<char>(byte);
                check(text, at);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_name_ends_where_its_token_does) {
    BOOST_TEST(basehttp::field_name_size("") == 0U);
    BOOST_TEST(basehttp::field_name_size("Sec-CH-UA-Full-Version_List!: x") == 28U);
    std::size_t wrong = 0;
    for_each_text([&wrong](const std::string& text, std::size_t at) {
        const std::size_t size = basehttp::is_token_char(text[at]) ? text.size() : at;
        if (basehttp::field_name_size(text) != size) ++wrong;
    });
    BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_CASE(a_value_is_scanned_up_to_its_first_control_byte) {
    BOOST_TEST(basehttp::size_before_control_byte("") == 0U);
    std::size_t wrong = 0;
    for_each_text([&wrong](const std::string& text, std::size_t at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool control = byte < ' ' || byte == 0x7f;
        if (basehttp::size_before_control_byte(text) != (control ? at : text.size())) ++wrong;
    });
    BOOST_TEST(wrong == 0U);
}

}  // namespace
