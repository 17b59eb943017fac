// Configuration files with the slips of anybody's pen: misspelt words, wrong indentation, values out of range, files
// in a wrong encoding.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/mistake_rows.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::check_mistakes;
using basehttpd_test::errors_in;
using basehttpd_test::MistakeRow;
using basehttpd_test::TemporaryFolder;

const std::vector<MistakeRow> kWords{
    {"a misspelt key", "sites: [{lisitng: true, root: ROOT}]\n", "1:10", {"did you mean 'listing'?"}},
    {"a dash for an underscore", "shutdown-timeout: 3s\n", "1:1", {"did you mean 'shutdown_timeout'?"}},
    {"a capital letter", "Listen: 0.0.0.0:8181\n", "1:1", {"did you mean 'listen'?"}},
    {"one for many", "user: nobody\nlog: {access: [], error: []}\nsite:\n  - root: ROOT\n", "3:1", {"'sites'"}},
    {"sites as a map", "sites:\n  root: ROOT\n", "2:3", {"'sites' takes a list", "'- '"}},
    {"no root", "sites:\n  - root:\n    listing: true\n", "2:5", {"'root' has no value"}},
    {"two logs in one item", "log: {access: [{stdout: {}, file: a.log}]}\n", "1:25", {"an item of its own"}},
    {"one file with two formats",
     "log: {access: [{file: a.log}, {file: a.log, format: common}], error: []}\n",
     "1:31",
     {"write to one place"}},
    {"a level of syslog", "log: {error: [{stderr: {}, level: err}]}\n", "1:35", {"'error'"}},
    {"a level of others", "log: {error: [{stderr: {}, level: warn}]}\n", "1:35", {"did you mean 'warning'?"}},
    {"a program that is not there",
     "log: {access: [{pipe: no-such-program -x}], error: []}\n",
     "1:23",
     {"no-such-program"}},
    {"a program and a file", "log: {access: [{pipe: cat > a}], error: []}\n", "1:27", {"'>'", "sh -c"}},
};

const std::vector<MistakeRow> kIndentation{
    {"one too deep", "sites:\n  - root: ROOT\n     listing: true\n", "3:13", {"indentation"}},
    {"one too shallow", "sites:\n  - root: ROOT\n   listing: true\n", "3:4", {"indentation"}},
};

const std::vector<MistakeRow> kValues{
    {"a port alone", "listen: 8080\n", "1:9", {"write 0.0.0.0:8080"}},
    {"a port after a colon", "listen: ':8080'\n", "1:9", {"0.0.0.0:8080"}},
    {"IPv6 without brackets", "listen: '::1:80'\n", "1:9", {"[::1]:80"}},
    {"a port too large", "listen: 0.0.0.0:99999\n", "1:9", {"65535"}},
    {"one address twice", "listen: ['[::1]:8181', '[0:0::1]:8181']\n", "1:24", {"'[0:0::1]:8181'", "line 1"}},
    {"a port at a host", "sites: [{host: 'example.org:80', root: ROOT}]\n", "1:16", {"write the name alone"}},
    {"a URL for a host", "sites: [{host: 'http://example.org/', root: ROOT}]\n", "1:16", {"write the name alone"}},
    {"a host with other letters",
     "sites: [{host: b\xC3\xBC"
     "cher.de, root: ROOT}]\n",
     "1:16",
     {"xn--"}},
    {"a pattern for a host", "sites: [{host: '~^www', root: ROOT}]\n", "1:16", {"'~^www'"}},
    {"a star in the middle", "sites: [{host: 'www.*.org', root: ROOT}]\n", "1:16", {"'*'"}},
    {"a host in two cases",
     "sites:\n  - {host: a.org, root: ROOT}\n  - {host: A.org, root: ROOT}\n",
     "3:12",
     {"duplicate host", "a.yaml:2"}},
    {"a number without its unit", "limits: {idle_timeout: 30}\n", "1:24", {"30s", "30ms"}},
    {"expires without its unit", "sites: [{expires: 30, root: ROOT}]\n", "1:19", {"30s", "30ms"}},
    {"megabytes", "limits: {body: 10MB}\n", "1:16", {"write 10M"}},
    {"mebibytes", "limits: {body: 10MiB}\n", "1:16", {"write 10M"}},
    {"an unknown directive, in the middle of a format",
     "log: {access: [{stdout: {}, format: '%h %Y %u'}]}\n",
     "1:41",
     {"%Y"}},
    {"a root that is missing", "sites:\n  - root: /no/such/folder\n", "2:11", {"'/no/such/folder'", "not exist"}},
    {"a root that is a file", "sites:\n  - root: ROOT/../root/404.html\n", "2:11", {"not a directory"}},
};

BOOST_AUTO_TEST_CASE(words) {
    check_mistakes(kWords);
}

BOOST_AUTO_TEST_CASE(indentation) {
    check_mistakes(kIndentation);
}

BOOST_AUTO_TEST_CASE(values) {
    check_mistakes(kValues);
}

// A column is what an editor shows, whatever begins the file and ends its lines.
BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_carriage_returns_count_for_nothing) {
    const TemporaryFolder folder;
    const auto errors =
        errors_in(folder.write("a.yaml", "\xEF\xBB\xBFusr: a\r\nsites: [{root: /srv, lisitng: true}]\r\n"));
    BOOST_TEST_REQUIRE(errors.size() == 2);
    BOOST_TEST(errors[0].where.line == 1);
    BOOST_TEST(errors[0].where.column == 1);
    BOOST_TEST(errors[1].where.line == 2);
    BOOST_TEST(errors[1].where.column == 22);
    BOOST_TEST(errors[1].source.line == "sites: [{root: /srv, lisitng: true}]");
}

struct EncodingRow {
    std::string name;
    std::string bytes;
    int line;
    int column;
};

BOOST_AUTO_TEST_CASE(files_that_are_no_text_are_told_at_once) {
    using namespace std::string_literals;
    const std::vector<EncodingRow> rows{
        {"UTF-16, the low byte first", "\xFF\xFEu\0s\0"s, 1, 1},
        {"UTF-16, the high byte first", "\xFE\xFF\0u\0s"s, 1, 1},
        {"Latin-1", "user: a\ngroup: caf\xE9\n", 2, 11},
        {"a NUL", "user: a\0b\n"s, 1, 8},
        {"a program",
         "\x7F"
         "ELF\x02\x01\x01\0\0\0"s,
         1, 1},
        {"twenty thousand brackets", "sites: " + std::string(20000, '['), 1, 0},
    };
    for (const EncodingRow& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            const TemporaryFolder folder;
            const auto errors = errors_in(folder.write("a.yaml", row.bytes));
            BOOST_TEST_REQUIRE(errors.size() == 1);
            BOOST_TEST(errors.front().where.line == row.line, render(errors));
            if (row.column > 0) BOOST_TEST(errors.front().where.column == row.column, render(errors));
            BOOST_TEST(render(errors).size() < 1000);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_line_of_five_thousand_columns_is_cut_around_the_place) {
    const TemporaryFolder folder;
    const std::string name(5000, 'a');
    const auto errors = errors_in(folder.write("a.yaml", "sites: [{host: " + name + ".org, lisitng: 1, root: /}]\n"));
    BOOST_TEST_REQUIRE(!errors.empty());
    for (const ConfigError& error : errors) {
        BOOST_TEST(error.source.line.size() < 120);
        BOOST_TEST(error.source.caret < error.source.line.size());
    }
    BOOST_TEST(errors.back().source.line.contains("lisitng"));
}

// JSON is YAML.
BOOST_AUTO_TEST_CASE(json_is_read) {
    const TemporaryFolder folder;
    const auto config = read_config(folder.write(
        "a.yaml", "{\n\t\"listen\": [\"0.0.0.0:80\"],\n\t\"sites\": [{\"root\": \"/srv\", \"listing\": true}]\n}\n"));
    BOOST_TEST_REQUIRE(config.has_value(), (config ? "" : render(config.error())));
    BOOST_TEST(config->sites.front().listing);
}

}  // namespace
}  // namespace basehttpd
