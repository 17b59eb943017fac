#include "basehttp/pages/page_template.h"

#include <array>

#include <boost/test/unit_test.hpp>

#include "basehttp/pages/error_pages.h"

namespace basehttp {
namespace {

constexpr std::array<std::string_view, 5> kNames{"a", "b", "list", "list.x", "list.b"};

PageValues values() {
    PageValues values;
    values.set("a", "<b>{{b}} & \xff\n");
    values.set("b", "");
    std::vector<PageValues> list(2);
    list[0].set("x", "1");
    list[1].set("x", "2");
    list[1].set("b", "own");
    values.set_list("list", list);
    return values;
}

BOOST_AUTO_TEST_CASE(values_stand_in_their_places) {
    const struct {
        std::string text;
        std::string page;
    } rows[]{
        {"", ""},
        {"plain } text {", "plain } text {"},
        {"{{a}}|{{ a }}",
         "&lt;b&gt;{{b}} &amp; \xef\xbf\xbd\xef\xbf\xbd|&lt;b&gt;{{b}} &amp; \xef\xbf\xbd\xef\xbf\xbd"},
        {"{{! a comment {{a }}x", "x"},
        {"{{#a}}yes{{/a}}{{#b}}yes{{/b}}{{^b}}no{{/b}}", "yesno"},
        {"{{#list}}{{x}}{{^b}}-{{/b}}{{b}};{{/list}}", "1-;2own;"},
    };
    for (const auto& row : rows) {
        std::string page;
        PageTemplate::parse(row.text, kNames).value().append_to(page, values());
        BOOST_TEST(page == row.page, row.text);
    }
}

BOOST_AUTO_TEST_CASE(nearer_values_come_first) {
    PageValues nearer;
    nearer.set("b", "near");
    std::string page = ">";
    PageTemplate::parse("{{b}}{{#a}}!{{/a}}", kNames).value().append_to(page, values(), &nearer);
    BOOST_TEST(page == ">near!");
}

BOOST_AUTO_TEST_CASE(what_is_no_template) {
    const struct {
        std::string text;
        std::size_t offset;
        std::string message;
    } rows[]{
        {"ab{{c}}", 2, "'c' is unknown here"},
        {"{{}}", 0, "'' is unknown here"},
        {"{{a.b}}", 0, "'a.b' is unknown here"},
        {"{{x}}", 0, "'x' is unknown here"},
        {"{{#list}}{{x}}{{/list}}{{x}}", 23, "'x' is unknown here"},
        {"{{#c}}{{/c}}", 0, "'c' is unknown here"},
        {"a {{{a}}}", 2, "values are always escaped; write {{a}}"},
        {"a {{& a}}", 2, "values are always escaped; write {{a}}"},
        {"{{> a}}", 0, "a template includes no other"},
        {"{{=<% %>=}}", 0, "the braces cannot be changed"},
        {"a{{a}} {{a", 7, "this '{{' is not closed by '}}'"},
        {"a{{#a}}", 1, "unclosed section \"a\""},
        {"{{#a}}{{#b}}{{/a}}{{/b}}", 0, "unclosed section \"a\""},
        {"a{{/a}}", 1, "unopened section \"a\""},
        {"{{", 0, "this '{{' is not closed by '}}'"},
        {"{{{", 0, "this '{{' is not closed by '}}'"},
    };
    for (const auto& row : rows) {
        const auto parsed = PageTemplate::parse(row.text, kNames);
        BOOST_TEST_REQUIRE(!parsed.has_value(), row.text);
        BOOST_TEST(parsed.error().message == row.message, row.text);
        BOOST_TEST(parsed.error().offset == row.offset, row.text);
    }
    const auto unknown = PageTemplate::parse("{{#list}}{{c}}", kNames).error();
    BOOST_TEST(unknown.unknown == "c");
    BOOST_TEST(unknown.known == (std::vector<std::string>{"a", "b", "list", "x", "b"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(error_pages) {
    ErrorPages pages;
    pages.add(
        404,
        ErrorPages::parse("{{code}} {{reason}}: {{message}}{{#request_id}} {{request_id}}{{/request_id}}").value(),
        "text/plain");
    BOOST_TEST(pages.media_type(404) == "text/plain");
    BOOST_TEST(pages.media_type(403) == "");
    BOOST_TEST(pages.fill(404, "<b>{{code}}", "7") == "404 Not Found: &lt;b&gt;{{code}} 7");
    BOOST_TEST(pages.fill(404, "x", "") == "404 Not Found: x");
    BOOST_TEST(ErrorPages::parse("{{mesage}}").error().unknown == "mesage");
}

}  // namespace
}  // namespace basehttp
