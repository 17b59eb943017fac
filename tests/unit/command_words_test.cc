#include "daemon/text/command_words.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdlib.h>

namespace basehttpd {
namespace {

struct Row {
    const char* command;
    std::vector<std::string> words;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.command;
}

const Row kGood[] = {
    {"cat", {"cat"}},
    {"  cat   -u\t- ", {"cat", "-u", "-"}},
    {"rotatelogs /var/log/a.%Y-%m-%d 86400", {"rotatelogs", "/var/log/a.%Y-%m-%d", "86400"}},
    {"sh -c 'exec cat >> \"$0\"' 'the file'", {"sh", "-c", "exec cat >> \"$0\"", "the file"}},
    {R"(a "b c" 'd "e' "f 'g")", {"a", "b c", "d \"e", "f 'g"}},
    {R"(a b"c"'d'\ e)", {"a", "bcd e"}},
    {R"(a "\"\\\$\`\n")", {"a", "\"\\$`\\n"}},
    {R"(a \$HOME \' \")", {"a", "$HOME", "'", "\""}},
    {"a '' \"\"", {"a", "", ""}},
    {"a # b", {"a", "#", "b"}},
};

BOOST_DATA_TEST_CASE(words, boost::unit_test::data::make(kGood), row) {
    const auto words = split_command(row.command);
    BOOST_TEST_REQUIRE(words.has_value());
    BOOST_TEST(fmt::format("{}", *words) == fmt::format("{}", row.words));
}

struct BadRow {
    const char* command;
    std::size_t offset;
    const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadRow& row) {
    return out << row.command;
}

const BadRow kBad[] = {
    {"", 0, "names no program"},
    {"  \t", 0, "names no program"},
    {"a 'b", 2, "has a quote that is not closed"},
    {"a \"b", 2, "has a quote that is not closed"},
    {"a \"b\\", 2, "has a quote that is not closed"},
    {"a \\", 2, "has a backslash with nothing behind it"},
    {"a | b", 2, "has a '|', which only a shell could act on; there is none"},
    {"a >b", 2, "has a '>', which only a shell could act on; there is none"},
    {"a \"$HOME\"", 3, "has a '$', which only a shell could act on; there is none"},
    {"a `b`", 2, "has a '`', which only a shell could act on; there is none"},
};

BOOST_DATA_TEST_CASE(problems, boost::unit_test::data::make(kBad), row) {
    const auto words = split_command(row.command);
    BOOST_TEST_REQUIRE(!words.has_value());
    BOOST_TEST(words.error().message == row.message);
    BOOST_TEST(words.error().offset == row.offset);
}

BOOST_AUTO_TEST_CASE(programs_are_looked_for_along_the_path) {
    ::setenv("PATH", "bin:/nowhere:/usr/bin:/bin", 1);
    BOOST_TEST(find_program("env") == "/usr/bin/env");
    BOOST_TEST(find_program("./env") == "./env");
    BOOST_TEST(find_program("no-such-program").empty());
    ::unsetenv("PATH");
    BOOST_TEST(find_program("env") == "/usr/bin/env");
}

}  // namespace
}  // namespace basehttpd
