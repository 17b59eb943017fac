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
    };
    for (const auto& [name, text, length] : {
             Row{"nothing", "", 0},
             Row{"NUL", "\0"sv, 1},
             Row{"ASCII", "a\xff", 1},
             Row{"last of one byte", "\x7f", 1},
             Row{"continuation alone", "\x80", 0},
             Row{"last continuation alone", "\xbf", 0},
             Row{"overlong, two bytes", "\xc0\x80", 0},
             Row{"overlong, two bytes, last", "\xc1\xbf", 0},
             Row{"first of two bytes", "\xc2\x80", 2},
             Row{"last of two bytes", "\xdf\xbf", 2},
             Row{"two bytes, cut", "\xc2", 0},
             Row{"two bytes, bad second", "\xc2\x7f", 0},
             Row{"two bytes, lead for a second", "\xc2\xc0", 0},
             Row{"overlong, three bytes", "\xe0\x9f\xbf", 0},
             Row{"first of three bytes", "\xe0\xa0\x80", 3},
             Row{"before the surrogates", "\xed\x9f\xbf", 3},
             Row{"first surrogate", "\xed\xa0\x80", 0},
             Row{"last surrogate", "\xed\xbf\xbf", 0},
             Row{"after the surrogates", "\xee\x80\x80", 3},
             Row{"last of three bytes", "\xef\xbf\xbf", 3},
             Row{"three bytes, cut", "\xe1\x80", 0},
             Row{"three bytes, bad third", "\xe1\x80\x41", 0},
             Row{"overlong, four bytes", "\xf0\x8f\xbf\xbf", 0},
             Row{"first of four bytes", "\xf0\x90\x80\x80", 4},
             Row{"U+10FFFF", "\xf4\x8f\xbf\xbf", 4},
             Row{"past U+10FFFF", "\xf4\x90\x80\x80", 0},
             Row{"four bytes, cut", "\xf1\x80\x80", 0},
             Row{"four bytes, bad fourth", "\xf1\x80\x80\xc0", 0},
             Row{"lead past the last", "\xf5\x80\x80\x80", 0},
             Row{"ff", "\xff\xff\xff\xff", 0},
         }) {
        BOOST_TEST(utf8_sequence_length(text) == length, name);
    }
}
