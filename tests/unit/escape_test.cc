#include "basehttp/text/escape.h"

#include <memory>
#include <random>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "basehttp/text/decimal.h"
#include "basehttp/text/plain_run.h"
#include "basehttp/text/string_writer.h"

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

// The text is looked at in steps of several bytes.
BOOST_AUTO_TEST_CASE(a_byte_that_is_escaped_is_found_wherever_it_is) {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, '~');
        BOOST_REQUIRE(basehttp::plain_run(plain) == size);
        for (std::size_t at = 0; at < size; ++at) {
            for (const char byte : {'"', '\\', '\x7f', '\x1f', '\0', '\x80', '\xff'}) {
                std::string text = plain;
                text[at] = text[size - 1] = byte;
                BOOST_REQUIRE(basehttp::plain_run(text) == at);
            }
        }
    }
}

// What is written does not depend on which bytes were looked at together.
BOOST_AUTO_TEST_CASE(a_text_is_escaped_as_its_bytes_are_one_by_one) {
    std::mt19937 random(1);
    for (std::size_t size = 0; size < 70; ++size) {
        for (std::size_t round = 0; round < 200; ++round) {
            std::string text(size, '~');
            for (std::size_t i = 0; size > 0 && i < round % 5; ++i)
                text[random() % size] = static_cast<char>(random());
            std::string wanted;
            for (const char c : text)
                append_escaped(wanted, std::string_view(&c, 1));
            const auto room = std::make_unique<char[]>(basehttp::kLongestEscape * size);
            const char* const end = basehttp::write_escaped(room.get(), text);
            BOOST_REQUIRE(std::string_view(room.get(), end) == wanted);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_text_grows_as_it_needs_to) {
    std::string out = "> ";
    std::string wanted = out;
    {
        basehttp::StringWriter writer(out);
        for (int i = 0; i < 2000; ++i) {
            writer.wrote(basehttp::write_escaped(writer.room(5 * basehttp::kLongestEscape), "spam\n"));
            char* const end = basehttp::write_decimal(writer.room(basehttp::kLongestDecimal + 1), i);
            *end = ' ';
            writer.wrote(end + 1);
            wanted += "spam\\n" + std::to_string(i) + " ";
        }
    }
    BOOST_TEST(out == wanted);
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
