#include "basehttp/text/html.h"

#include <boost/test/unit_test.hpp>

#include "basehttp/text/utf8.h"

using namespace basehttp;
using namespace std::literals;

#define BAD "\xef\xbf\xbd"  // U+FFFD

BOOST_AUTO_TEST_CASE(text_reads_as_itself) {
    struct Row {
        std::string_view name, text, html;
    };
    for (const auto& [name, text, html] : {
             Row{"nothing", "", ""},
             Row{"plain", "a b-c", "a b-c"},
             Row{"markup", "<script>", "&lt;script&gt;"},
             Row{"ampersand", "a&b&amp;", "a&amp;b&amp;amp;"},
             Row{"quotes", "\"'", "&quot;&#39;"},
             Row{"UTF-8", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
             Row{"control bytes", "a\0\t\r\n\x1b\x7f"sv, "a" BAD BAD BAD BAD BAD BAD},
             Row{"last control byte and first visible", "\x1f !", BAD " !"},
             Row{"not UTF-8", "\xff<\xc3<", BAD "&lt;" BAD "&lt;"},
             Row{"cut sequence", "a\xe2\x82", "a" BAD BAD},
         }) {
        BOOST_TEST_CONTEXT(name) {
            std::string out = "|";
            append_html(out, text);
            BOOST_TEST(out == "|" + std::string(html));
        }
    }
}

BOOST_AUTO_TEST_CASE(utf8_sequences_rfc_3629) {
    struct Row {
        std::string_view name, text;
        std::size_t length;
        std::uint32_t code = 0;
    };
    for (const auto& [name, text, length, code] : {
             Row{"nothing", "", 0},
             Row{"NUL", "\0"sv, 1},
             Row{"ASCII", "a\xff", 1, 'a'},
             Row{"last of one byte", "\x7f", 1, 0x7f},
             Row{"continuation alone", "\x80", 0},
             Row{"last continuation alone", "\xbf", 0},
             Row{"overlong, two bytes", "\xc0\x80", 0},
             Row{"overlong, two bytes, last", "\xc1\xbf", 0},
             Row{"first of two bytes", "\xc2\x80", 2, 0x80},
             Row{"last of two bytes", "\xdf\xbf", 2, 0x7ff},
             Row{"two bytes, cut", "\xc2", 0},
             Row{"two bytes, bad second", "\xc2\x7f", 0},
             Row{"two bytes, lead for a second", "\xc2\xc0", 0},
             Row{"overlong, three bytes", "\xe0\x9f\xbf", 0},
             Row{"first of three bytes", "\xe0\xa0\x80", 3, 0x800},
             Row{"before the surrogates", "\xed\x9f\xbf", 3, 0xd7ff},
             Row{"first surrogate", "\xed\xa0\x80", 0},
             Row{"last surrogate", "\xed\xbf\xbf", 0},
             Row{"after the surrogates", "\xee\x80\x80", 3, 0xe000},
             Row{"last of three bytes", "\xef\xbf\xbf", 3, 0xffff},
             Row{"three bytes, cut", "\xe1\x80", 0},
             Row{"three bytes, bad third", "\xe1\x80\x41", 0},
             Row{"overlong, four bytes", "\xf0\x8f\xbf\xbf", 0},
             Row{"first of four bytes", "\xf0\x90\x80\x80", 4, 0x10000},
             Row{"U+10FFFF", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
             Row{"past U+10FFFF", "\xf4\x90\x80\x80", 0},
             Row{"four bytes, cut", "\xf1\x80\x80", 0},
             Row{"four bytes, bad fourth", "\xf1\x80\x80\xc0", 0},
             Row{"lead past the last", "\xf5\x80\x80\x80", 0},
             Row{"ff", "\xff\xff\xff\xff", 0},
         }) {
        const Utf8Character read = decode_utf8(text);
        BOOST_TEST(read.length == length, name);
        BOOST_TEST(std::uint32_t{read.code} == code, name);
    }
}

BOOST_AUTO_TEST_CASE(what_may_steer_a_terminal_is_unprintable) {
    for (const char32_t code :
         {0x00, 0x1f, 0x7f, 0x85, 0x9f, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff}) {
        BOOST_TEST(is_unprintable(code), std::uint32_t{code});
    }
    for (const char32_t code :
         {0x20, 0x7e, 0xa0, 0xe9, 0x200d, 0x2010, 0x2027, 0x202f, 0x2065, 0x206a, 0xfffd, 0x1f600})
        BOOST_TEST(!is_unprintable(code), std::uint32_t{code});
}
