#include "basehttp/protocol/form_data.h"

#include <boost/test/unit_test.hpp>

using namespace basehttp;
using namespace std::literals;

namespace {

struct Row {
    std::string_view name, text, pairs;
};

constexpr Row kForms[] = {
    {"none", "", ""},
    {"one", "a=1", "a=1;"},
    {"two", "a=1&b=2", "a=1;b=2;"},
    {"a name twice", "a=1&a=2", "a=1;a=2;"},
    {"no value", "a&b=", "a=;b=;"},
    {"no name", "=1", "=1;"},
    {"empty pairs", "&&a=1&&", "a=1;"},
    {"an equals sign in the value", "a=1=2", "a=1=2;"},
    {"spaces", "a+b=c+%20d", "a b=c  d;"},
    {"escapes", "%61=%26%3D%2B%00", "a=&=+\0;"sv},
    {"escapes that are none", "a=%&b=%4&c=%zz&d=%%41", "a=%;b=%4;c=%zz;d=%A;"},
    {"raw bytes", "a=\xc3\xa9", "a=\xc3\xa9;"},
    {"a semicolon separates nothing", "a=1;b=2", "a=1;b=2;"},
};

constexpr Row kCookies[] = {
    {"none", "", ""},
    {"one", "a=1", "a=1;"},
    {"two", "a=1; b=2", "a=1;b=2;"},
    {"white space", "  a = 1 ;\tb=2 ; ", "a=1;b=2;"},
    {"in quotes", "a=\"1 2\"; b=\"\"; c=\"", "a=1 2;b=;c=\";"},
    {"no name", "=1; a; ;; b=2", "a=;b=2;"},
    {"an equals sign in the value", "a=b=c", "a=b=c;"},
    {"nothing is decoded", "a=%20+", "a=%20+;"},
};

std::string text_of(const FormPairs& pairs) {
    std::string text;
    for (const FormPair& pair : pairs)
        text += pair.name + '=' + pair.value + ';';
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(forms) {
    for (const Row& row : kForms)
        BOOST_TEST(text_of(parse_urlencoded(row.text).value()) == row.pairs, row.name);
}

BOOST_AUTO_TEST_CASE(cookies) {
    for (const Row& row : kCookies)
        BOOST_TEST(text_of(parse_cookies(row.text).value()) == row.pairs, row.name);
}

BOOST_AUTO_TEST_CASE(pairs_are_found_by_name) {
    const FormPairs pairs = parse_urlencoded("a=1&b=2&a=3").value();
    BOOST_TEST(pairs.find("a").value() == "1");
    BOOST_TEST(!pairs.find("A").has_value());
    BOOST_TEST(pairs.find_all("a").size() == 2U);
    BOOST_TEST(pairs.find_all("a")[1] == "3");
    BOOST_TEST(pairs.size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_number_of_pairs_is_bounded) {
    BOOST_TEST(parse_urlencoded("a&b", 2).has_value());
    BOOST_TEST((parse_urlencoded("a&b&c", 2).error() == FormError::too_many_pairs));
    BOOST_TEST((parse_cookies("a;b;c", 2).error() == FormError::too_many_pairs));
    BOOST_TEST(parse_cookies("a;b;;", 2).has_value());
}
