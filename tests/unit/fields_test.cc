#include "basehttp/protocol/fields.h"

#include <algorithm>
#include <cctype>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace basehttp;

namespace {

std::string members_of(std::string_view value) {
    std::string joined;
    for_each_member(value, [&joined](std::string_view member) { (joined += member) += '|'; });
    return joined;
}

Fields example() {
    Fields fields;
    fields.add("Host", "example.org");
    fields.add("Connection", "TE, close");
    fields.add("X-A", "1");
    fields.add("x-a", "2");
    fields.add("CONNECTION", " , Keep-Alive");
    fields.add("Empty", "");
    return fields;
}

}  // namespace

BOOST_AUTO_TEST_CASE(lines_keep_their_order_and_repeat) {
    const Fields fields = example();
    BOOST_TEST(fields.size() == 6U);
    BOOST_TEST(fields.begin()->name == "Host");
    BOOST_TEST((fields.begin() + 3)->value == "2");
    BOOST_TEST(fields.count("X-a") == 2U);
    BOOST_TEST(fields.count("connection") == 2U);
    BOOST_TEST(fields.count("absent") == 0U);
}

BOOST_AUTO_TEST_CASE(find_gives_the_first_of_a_name_in_any_case) {
    const Fields fields = example();
    BOOST_TEST(fields.find("HOST").value() == "example.org");
    BOOST_TEST(fields.find("x-A").value() == "1");
    BOOST_TEST(fields.find("Empty").value().empty());
    BOOST_TEST(!fields.find("X-").has_value());
    BOOST_TEST(!fields.find("").has_value());
}

BOOST_AUTO_TEST_CASE(a_list_may_span_lines) {
    const Fields fields = example();
    BOOST_TEST(fields.lists("connection", "te"));
    BOOST_TEST(fields.lists("Connection", "CLOSE"));
    BOOST_TEST(fields.lists("Connection", "keep-alive"));
    BOOST_TEST(!fields.lists("Connection", "keep"));
    BOOST_TEST(!fields.lists("Connection", ""));
    BOOST_TEST(!fields.lists("Host", "close"));
    BOOST_TEST(fields.lists("Host", "example.org"));
}

BOOST_AUTO_TEST_CASE(a_list_of_one_or_of_none) {
    Fields fields;
    fields.add("Connection", "Close");
    fields.add("Expect", "");
    fields.add("X-One", "a b");
    fields.add("X-Blank", " ");
    for (const std::string_view name : {"Expect", "X-Blank", "Connection", "X-Absent"})
        BOOST_TEST(!fields.lists(name, ""), name);
    BOOST_TEST(fields.lists(KnownField::connection, "close"));
    BOOST_TEST(!fields.lists(KnownField::connection, "clos"));
    BOOST_TEST(fields.lists("x-one", "A B"));
    BOOST_TEST(!fields.lists("x-one", "a"));
}

BOOST_AUTO_TEST_CASE(clear_forgets_all_lines) {
    Fields fields = example();
    fields.clear();
    BOOST_TEST(fields.size() == 0U);
    BOOST_TEST(!fields.find("Host").has_value());
}

// As many names as there are numbers, each told from all others in any case, and by all of its bytes.
BOOST_AUTO_TEST_CASE(known_names_have_numbers) {
    for (std::size_t i = 0; i < kKnownFields; ++i) {
        const auto field = static_cast<KnownField>(i);
        const std::string name(name_of(field));
        BOOST_TEST_CONTEXT(name) {
            std::string capitals = name;
            std::string small = name;
            std::ranges::transform(name, capitals.begin(), [](unsigned char c) { return std::toupper(c); });
            std::ranges::transform(name, small.begin(), [](unsigned char c) { return std::tolower(c); });
            BOOST_TEST(!name.empty());
            BOOST_TEST((known_field(name) == field));
            BOOST_TEST((known_field(capitals) == field));
            BOOST_TEST((known_field(small) == field));
            for (std::size_t at = 0; at < name.size(); ++at) {
                std::string other = name;
                other[at] = static_cast<char>(other[at] ^ 0x40);
                BOOST_TEST((known_field(other) == KnownField::other), other);
            }
            BOOST_TEST((known_field(name + "x") == KnownField::other));
            BOOST_TEST((known_field(name.substr(1)) != field));
        }
    }
    for (const std::string_view name : {"", "X", "Via", "Hostess", "Content-Encoding", "If-Something-Else-Again"})
        BOOST_TEST((known_field(name) == KnownField::other), name);
}

BOOST_AUTO_TEST_CASE(a_number_asks_what_the_name_asks) {
    Fields fields = example();
    BOOST_TEST(fields.find(KnownField::host).value() == "example.org");
    BOOST_TEST(fields.count(KnownField::connection) == 2U);
    BOOST_TEST(fields.lists(KnownField::connection, "keep-alive"));
    BOOST_TEST(!fields.find(KnownField::expect).has_value());
    BOOST_TEST(fields.count(KnownField::expect) == 0U);
    BOOST_TEST(!fields.lists(KnownField::expect, ""));
    fields.clear();
    BOOST_TEST(!fields.find(KnownField::host).has_value());
    fields.add("Connection", "close");
    BOOST_TEST(fields.count(KnownField::connection) == 1U);
    BOOST_TEST(fields.find(KnownField::connection).value() == "close");
}

BOOST_AUTO_TEST_CASE(for_each_gives_all_lines_of_a_name_in_order) {
    const Fields fields = example();
    const auto values = [&fields](auto name) {
        std::string joined;
        fields.for_each(name, [&joined](std::string_view value) { (joined += value) += '|'; });
        return joined;
    };
    BOOST_TEST(values(KnownField::connection) == "TE, close| , Keep-Alive|");
    BOOST_TEST(values(std::string_view("connection")) == "TE, close| , Keep-Alive|");
    BOOST_TEST(values(std::string_view("X-a")) == "1|2|");
    BOOST_TEST(values(KnownField::range).empty());
}

BOOST_AUTO_TEST_CASE(members_of_a_list_rfc_9110_5_6_1) {
    struct Row {
        std::string_view name, value, members;
    };
    for (const auto& [name, value, members] : {
             Row{"nothing", "", ""},
             Row{"one", "a", "a|"},
             Row{"two", "a,b", "a|b|"},
             Row{"white space", " \ta \t, b ", "a|b|"},
             Row{"empty members", ",a,, ,b,", "a|b|"},
             Row{"nothing but commas", ",,,", ""},
             Row{"inner space stays", "a b, c", "a b|c|"},
             Row{"quoted comma", "\"a,b\", c", "\"a,b\"|c|"},
             Row{"quote in the middle", "a=\"x,y\";q=1,b", "a=\"x,y\";q=1|b|"},
             Row{"escaped quote", "\"a\\\",b\",c", "\"a\\\",b\"|c|"},
             Row{"backslash outside of quotes", "a\\,b", "a\\|b|"},
             Row{"comma before a quote", "a, b=\"x,y\", c", "a|b=\"x,y\"|c|"},
             Row{"quote that never ends", "a, \"b, c", "a|\"b, c|"},
             Row{"backslash at the very end", "\"a\\", "\"a\\|"},
             Row{"escaped backslash ends the quote", "\"a\\\\\",b", "\"a\\\\\"|b|"},
         }) {
        BOOST_TEST_CONTEXT(name) BOOST_TEST(members_of(value) == members);
    }
}

BOOST_AUTO_TEST_CASE(next_member_gives_empty_members_too) {
    std::string_view rest = "a,, b";
    BOOST_TEST(next_member(rest) == "a");
    BOOST_TEST(next_member(rest).empty());
    BOOST_TEST(rest == " b");
    BOOST_TEST(next_member(rest) == "b");
    BOOST_TEST(rest.empty());
    BOOST_TEST(next_member(rest).empty());
}
