#include "basehttp/protocol/fields.h"

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
}

BOOST_AUTO_TEST_CASE(clear_forgets_all_lines) {
    Fields fields = example();
    fields.clear();
    BOOST_TEST(fields.size() == 0U);
    BOOST_TEST(!fields.find("Host").has_value());
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
