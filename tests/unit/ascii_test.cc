#include "basehttp/text/ascii.h"

#include <string>

#include <boost/test/unit_test.hpp>

using namespace basehttp;
using namespace std::literals;

namespace {

std::string bytes_where(bool (*holds)(char)) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        if (holds(static_cast<char>(i))) bytes += static_cast<char>(i);
    }
    return bytes;
}

std::string range(int first, int last) {
    std::string bytes;
    for (int i = first; i <= last; ++i)
        bytes += static_cast<char>(i);
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(token_bytes_are_those_of_rfc_9110_5_6_2) {
    BOOST_TEST(bytes_where(is_token_char) ==
               "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
    BOOST_TEST(is_token("Content-Length"));
    for (const auto text : {""sv, "a b"sv, "a:"sv, "(a)"sv, "a\0"sv, "caf\xc3\xa9"sv, "a/b"sv, "\x7f"sv})
        BOOST_TEST(!is_token(text), text);
}

BOOST_AUTO_TEST_CASE(field_bytes_are_those_of_rfc_9110_5_5) {
    const auto one = [](char c) { return is_field_text({&c, 1}); };
    BOOST_TEST(bytes_where(one) == "\t" + range(0x20, 0x7e) + range(0x80, 0xff));
    BOOST_TEST(is_field_text(""));
    BOOST_TEST(is_field_text("a b\tc\xff"));
    BOOST_TEST(!is_field_text("good until\r"));
    BOOST_TEST(!is_field_text("\0good"sv));
}

BOOST_AUTO_TEST_CASE(target_bytes_are_visible) {
    const auto one = [](char c) { return is_target_text({&c, 1}); };
    BOOST_TEST(bytes_where(one) == range(0x21, 0x7e) + range(0x80, 0xff));
    BOOST_TEST(!is_target_text("/a b"));
}

BOOST_AUTO_TEST_CASE(digits_and_hexadecimal_digits) {
    BOOST_TEST(bytes_where(is_digit) == "0123456789");
    BOOST_TEST(bytes_where([](char c) { return hex_value(c) >= 0; }) == "0123456789ABCDEFabcdef");
    BOOST_TEST(hex_value('0') == 0);
    BOOST_TEST(hex_value('9') == 9);
    BOOST_TEST(hex_value('a') == 10);
    BOOST_TEST(hex_value('F') == 15);
}

BOOST_AUTO_TEST_CASE(case_of_ascii_letters_alone_is_ignored) {
    struct Row {
        std::string_view a, b;
        bool equal;
    };
    for (const auto& [a, b, equal] : {
             Row{"", "", true},
             Row{"Host", "hOST", true},
             Row{"close", "close", true},
             Row{"azAZ", "AZaz", true},
             Row{"close", "closed", false},
             Row{"[", "{", false},
             Row{"@", "`", false},
             Row{"\xc4", "\xe4", false},
             Row{"a\0b"sv, "a\0c"sv, false},
             Row{"chun\xe2\x84\xaa"
                 "ed",
                 "chunked", false},
         }) {
        BOOST_TEST(equals_ignoring_case(a, b) == equal, a << " against " << b);
    }
}

// Words are compared as a whole where texts are long enough: each pair of bytes at each place of texts of each size.
BOOST_AUTO_TEST_CASE(case_is_ignored_for_letters_alone_wherever_they_stand) {
    const auto byte_at = [](int value) { return static_cast<char>(value); };
    for (std::size_t size = 1; size <= 18; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::string a(size, 'x');
            std::string b(size, 'X');
            int wrong = 0;
            for (int one = 0; one < 256; ++one) {
                a[at] = byte_at(one);
                for (const int other : {one, one ^ 0x20, one ^ 0x40, one ^ 0x80, (one + 1) & 0xff}) {
                    b[at] = byte_at(other);
                    const bool equal = to_lower(byte_at(one)) == to_lower(byte_at(other));
                    if (equals_ignoring_case(a, b) != equal) ++wrong;
                }
            }
            BOOST_TEST(wrong == 0, "size " << size << ", at " << at);
        }
    }
}

BOOST_AUTO_TEST_CASE(optional_white_space_is_space_and_tab) {
    struct Row {
        std::string_view text, trimmed;
    };
    for (const auto& [text, trimmed] : {
             Row{"", ""},
             Row{" \t ", ""},
             Row{"a", "a"},
             Row{" \ta b\t ", "a b"},
             Row{"\va\f", "\va\f"},
             Row{"\xa0"
                 "a",
                 "\xa0"
                 "a"},
             Row{"\ra\n", "\ra\n"},
         }) {
        BOOST_TEST(trim_white_space(text) == trimmed);
    }
}
