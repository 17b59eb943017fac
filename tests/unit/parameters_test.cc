#include "basehttp/protocol/parameters.h"

#include <boost/test/unit_test.hpp>

using namespace basehttp;

namespace {

struct Row {
    std::string_view name, text, parsed;
};

constexpr Row kAccepted[] = {
    {"nothing", "", ""},
    {"a value", "text/plain", "text/plain"},
    {"a parameter", "text/plain; charset=utf-8", "text/plain|charset=utf-8"},
    {"no space", "form-data;name=a;filename=b", "form-data|name=a|filename=b"},
    {"in quotes", "form-data; name=\"a; b\"", "form-data|name=a; b"},
    {"escaped in quotes", "a; b=\"\\\"c\\\\\"", "a|b=\"c\\"},
    {"a backslash of a path", "a; b=\"C:\\new\"", "a|b=C:\\new"},
    {"empty parameters", "a; ; b=c;", "a|b=c"},
    {"white space around", " a \t; b=c ", "a|b=c"},
    {"an empty quoted value", "a; b=\"\"", "a|b="},
};

constexpr std::string_view kRefused[] = {
    "a; b", "a; b=", "a; b=\"", "a; b=\"c", "a; b=\"c\\\"", "a; b =c", "a; b= c", "a; b=c d", "a; =c x", "a; (=c",
};

}  // namespace

BOOST_AUTO_TEST_CASE(accepted_values) {
    for (const Row& row : kAccepted) {
        const auto parsed = parse_parameters(row.text);
        BOOST_TEST_REQUIRE(parsed.has_value(), row.name);
        std::string text(parsed->value);
        for (const auto& parameter : parsed->parameters)
            text += '|' + parameter.name + '=' + parameter.value;
        BOOST_TEST(text == row.parsed, row.name);
    }
}

BOOST_AUTO_TEST_CASE(refused_values) {
    for (const std::string_view text : kRefused)
        BOOST_TEST(!parse_parameters(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(names_are_found_in_any_case) {
    const auto parsed = parse_parameters("a; Boundary=x; boundary=y");
    BOOST_TEST(*parsed->find("BOUNDARY") == "x");
    BOOST_TEST(parsed->find("name") == nullptr);
}
