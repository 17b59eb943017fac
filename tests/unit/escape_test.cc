#include "basehttp/text/escape.h"

#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::append_escaped;

struct Row {
    std::string text;
    std::string escaped;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.escaped; }
};

const Row kRows[]{
    {"", ""},
    {"GET / HTTP/1.1", "GET / HTTP/1.1"},
    {"\"quoted\" \\ back", "\\\"quoted\\\" \\\\ back"},
    {"a\nb\rc\td\be\vf", "a\\nb\\rc\\td\\be\\vf"},
    {std::string("\0\x01\x1b[2J\x7f", 7), "\\x00\\x01\\x1b[2J\\x7f"},
    {"\xc3\xa9\xff\x80", "\\xc3\\xa9\\xff\\x80"},
    {"\f", "\\x0c"},
    {"plain then\n", "plain then\\n"},
};

BOOST_DATA_TEST_CASE(escaped, boost::unit_test::data::make(kRows)) {
    std::string out = "> ";
    append_escaped(out, sample.text);
    BOOST_TEST(out == "> " + sample.escaped);
}

BOOST_AUTO_TEST_CASE(every_byte_comes_out_printable_and_different) {
    std::string before;
    for (int byte = 0; byte < 256; ++byte) {
        std::string out;
        append_escaped(out, std::string(1, static_cast<char>(byte)));
        for (const char c : out)
            BOOST_TEST((c >= ' ' && c <= '~'));
        BOOST_TEST(out != before);
        BOOST_TEST((out == "\"" || out.front() == '\\' || out.size() == 1));
        before = out;
    }
}

}  // namespace
