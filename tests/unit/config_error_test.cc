#include "daemon/config/config_error.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct ExcerptRow {
    std::string name;
    std::string line;
    std::size_t byte;
    std::string shown;
    std::size_t caret;
};

const std::string kLong = std::string(150, 'a') + "X" + std::string(150, 'b');

const std::vector<ExcerptRow> kExcerpts{
    {"plain", "listen: 80", 8, "listen: 80", 8},
    {"the end of the line", "abc", 3, "abc", 3},
    {"past the end", "abc", 99, "abc", 3},
    {"empty", "", 0, "", 0},
    {"a tab reaches to the next stop", "a\tb", 2, "a       b", 8},
    {"two tabs", "\t\tb", 2, "                b", 16},
    {"the caret on a tab", "a\tb", 1, "a       b", 1},
    {"characters of two bytes are one column", "\xC3\xBC: x", 4, "\xC3\xBC: x", 3},
    {"control bytes are escaped", "a\x1B[31mb", 6, "a\\x1b[31mb", 9},
    {"bytes that are not UTF-8",
     "a\xFF"
     "b",
     2, "a\\xffb", 5},
    {"half a character", "a\xC3", 1, "a\\xc3", 1},
    {"a mark that turns text around",
     "a\xE2\x80\xAE"
     "b",
     4, "a\\xe2\\x80\\xaeb", 13},
    {"a long line, cut on both sides", kLong, 150, "..." + std::string(60, 'a') + "X" + std::string(39, 'b') + "...",
     63},
    {"a long line, cut at its end", kLong, 0, std::string(100, 'a') + "...", 0},
    {"a long line, cut at its beginning", kLong, 301, "..." + std::string(60, 'b'), 63},
    {"a hundred columns are not cut", std::string(100, 'a'), 99, std::string(100, 'a'), 99}};

BOOST_AUTO_TEST_CASE(excerpts) {
    for (const ExcerptRow& row : kExcerpts) {
        BOOST_TEST_CONTEXT(row.name) {
            const SourceExcerpt excerpt = make_excerpt(row.line, row.byte);
            BOOST_TEST(excerpt.line == row.shown);
            BOOST_TEST(excerpt.caret == row.caret);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_excerpt_of_a_huge_line_is_short) {
    const std::string line(1024 * 1024, '\xC3');
    for (const std::size_t byte : {std::size_t{0}, line.size() / 2, line.size()}) {
        BOOST_TEST(make_excerpt(line, byte).line.size() <= 106);
    }
}

struct RenderRow {
    std::string name;
    ConfigError error;
    std::string text;
};

const std::vector<RenderRow> kRendered{
    {"with its line",
     {{"/etc/a.yaml", 7, 3}, "unknown key 'lisen'", "did you mean 'listen'?", {"  lisen: 80", 2}},
     "/etc/a.yaml:7:3: error: unknown key 'lisen'; did you mean 'listen'?\n"
     "    7 |   lisen: 80\n"
     "      |   ^\n"},
    {"a line number of five digits",
     {{"a", 12345, 1}, "m", "", {"x", 0}},
     "a:12345:1: error: m\n12345 | x\n      | ^\n"},
    {"a file as a whole", {{"a.yaml", 0, 0}, "it is empty", "", {}}, "a.yaml: error: it is empty\n"},
    {"no file", {{}, "it is empty", "fill it", {}}, "basehttpd: error: it is empty; fill it\n"},
    {"a line without text", {{"a", 3, 1}, "m", "", {}}, "a:3:1: error: m\n"},
    {"a warning", {{"a", 0, 0}, "m", "", {}, ConfigError::Kind::warning}, "a: warning: m\n"},
    {"an evil file name", {{"a\x1B[2J", 0, 0}, "m", "", {}}, "a\\x1b[2J: error: m\n"}};

BOOST_AUTO_TEST_CASE(rendering) {
    std::vector<ConfigError> errors;
    std::string all;
    for (const RenderRow& row : kRendered) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST(render(row.error) == row.text);
        }
        errors.push_back(row.error);
        all += row.text;
    }
    BOOST_TEST(render(errors) == all);
}

BOOST_AUTO_TEST_CASE(warnings_are_not_errors) {
    const ConfigError warning{{}, "m", "", {}, ConfigError::Kind::warning};
    const ConfigError error{{}, "m"};
    BOOST_TEST(!has_error({}));
    BOOST_TEST(!has_error(std::vector{warning}));
    BOOST_TEST(has_error(std::vector{warning, error}));
}

BOOST_AUTO_TEST_CASE(nearest_names) {
    const std::array<std::string_view, 5> names{"listen", "user", "group", "header_timeout", "warning"};
    const std::vector<std::pair<std::string_view, std::string_view>> rows{{"lisen", "listen"},
                                                                          {"litsen", "listen"},
                                                                          {"Listen", "listen"},
                                                                          {"usr", "user"},
                                                                          {"users", "user"},
                                                                          {"header-timeout", "header_timeout"},
                                                                          {"warn", "warning"},
                                                                          {"grupo", ""},
                                                                          {"headertimeout", "header_timeout"},
                                                                          {"x", ""},
                                                                          {"", ""},
                                                                          {"something else", ""},
                                                                          {"us", ""}};
    for (const auto& [word, expected] : rows) {
        BOOST_TEST_CONTEXT("the word '" << word << "'") {
            BOOST_TEST(nearest_name(word, names) == expected);
        }
    }
    BOOST_TEST(nearest_name(std::string(100'000, 'a'), names).empty());
    BOOST_TEST(suggest("usr", names) == "did you mean 'user'?");
    BOOST_TEST(suggest("x", names) == "valid here: listen, user, group, header_timeout, warning");
    BOOST_TEST(suggest("x", {}).empty());
}

BOOST_AUTO_TEST_CASE(quotes) {
    BOOST_TEST(in_quotes("a") == "'a'");
    BOOST_TEST(in_quotes("a\nb\x7F") == "'a\\x0ab\\x7f'");
    BOOST_TEST(in_quotes(std::string(61, 'a')) == "'" + std::string(60, 'a') + "...'");
    // No character is cut in two.
    BOOST_TEST(in_quotes(std::string(59, 'a') + "\xC3\xBC") == "'" + std::string(59, 'a') + "...'");
}

}  // namespace
}  // namespace basehttpd
