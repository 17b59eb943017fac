#include "daemon/config/config_parser.h"

#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_reader.h"
#include "tests/unit/config_errors_of.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::check_errors;
using basehttpd_test::errors_of;
using basehttpd_test::RejectedRow;
using basehttpd_test::TemporaryFolder;

const std::vector<RejectedRow> kWrongSyntax{
    {"an empty file", "",
     "DIR/a.yaml: error: the configuration is empty; the shortest configuration is: sites: [{root: /srv/www}]\n"},
    {"comments alone", "# x\n---\n",
     "DIR/a.yaml: error: the configuration is empty; the shortest configuration is: sites: [{root: /srv/www}]\n"},
    {"a brace left open", "sites: [{root: /srv\n",
     R"(DIR/a.yaml:1:9: error: this '{' is never closed; close it with '}'
    1 | sites: [{root: /srv
      |         ^
)"},
    {"a bracket left open", "a: [b,\nc",
     R"(DIR/a.yaml:1:4: error: this '[' is never closed; close it with ']', or separate with ','
    1 | a: [b,
      |    ^
)"},
    {"a quote left open", "user: \"a\nsites: []\n",
     R"(DIR/a.yaml:1:7: error: this quote is never closed
    1 | user: "a
      |       ^
)"},
    {"a quote left open at the end", "sites: [{root: /srv}]\nuser: \"a",
     R"(DIR/a.yaml:2:1: error: a quoted text that begins here or below is never closed; add the missing quote
    2 | user: "a
      | ^
)"},
    {"a quote left open behind an anchor", "user: &a 'b''\n", R"(DIR/a.yaml:1:7: error: this quote is never closed
    1 | user: &a 'b''
      |       ^
)"},
    {"wrong indentation", "sites:\n  - root: /srv\n   listing: true\n",
     R"(DIR/a.yaml:3:4: error: this does not continue the list above it; check the indentation, and the '-' before each item
    3 |    listing: true
      |    ^
)"},
    {"a tab as indentation", "limits:\n\tbody: 1M\n",
     R"(DIR/a.yaml:2:1: error: a tab in the indentation; YAML wants spaces there
    2 |         body: 1M
      | ^
)"},
    {"a colon too many", "user: a: b\n",
     R"(DIR/a.yaml:1:8: error: a ':' is not expected here; check the indentation, and quote text that has ': ' in it
    1 | user: a: b
      |        ^
)"},
    {"a special character", "user: @a\n",
     R"(DIR/a.yaml:1:7: error: this cannot begin a value; quote text that begins with '@': '@a'
    1 | user: @a
      |       ^
)"},
    {"two documents", "sites: [{root: /srv}]\n---\nuser: a\n",
     R"(DIR/a.yaml:2:1: error: a second document begins here; a file holds one
    2 | ---
      | ^
)"},
    {"a tag", "user: !!str a\n", R"(DIR/a.yaml:1:7: error: tags like '!!str' have no meaning here; leave it out
    1 | user: !!str a
      |       ^
)"},
    {"an alias inside itself", "sites: &a [*a]\n",
     R"(DIR/a.yaml:1:12: error: this alias is inside the value that it names
    1 | sites: &a [*a]
      |            ^
)"},
    {"an alias of nothing", "user: *a\n",
     R"(DIR/a.yaml:1:7: error: this alias names no anchor; write '&name' before the value that '*name' repeats, or quote text that begins with '*'
    1 | user: *a
      |       ^
)"},
    {"a merge key", "a: &a {b: c}\n<<: *a\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:1:1: error: unknown key 'a'; write x-a if it only holds what aliases repeat
    1 | a: &a {b: c}
      | ^
DIR/a.yaml:2:1: error: unknown key '<<'; merge keys are not part of YAML 1.2; repeat the values
    2 | <<: *a
      | ^
)"},
    {"a byte that is not text", "user: a\nsites: \x01\n",
     R"(DIR/a.yaml:2:8: error: byte 0x01 is not UTF-8 text; a configuration is a YAML text file
    2 | sites: \x01
      |        ^
)"},
    {"Latin-1", "user: caf\xE9\n",
     R"(DIR/a.yaml:1:10: error: byte 0xe9 is not UTF-8 text; a configuration is a YAML text file
    1 | user: caf\xe9
      |          ^
)"},
    {"UTF-16", std::string("\xFF\xFEu\0", 4),
     R"(DIR/a.yaml:1:1: error: byte 0xff is not UTF-8 text; a configuration is a YAML text file
    1 | \xff\xfeu\x00
      | ^
)"},
    {"deep nesting", std::string(33, '[') + std::string(33, ']'),
     "DIR/a.yaml:1:33: error: nested too deeply\n    1 | " + std::string(33, '[') + std::string(33, ']') +
         "\n      | " + std::string(32, ' ') + "^\n"}};

BOOST_AUTO_TEST_CASE(wrong_syntax) {
    check_errors(kWrongSyntax);
}

BOOST_AUTO_TEST_CASE(aliases_that_multiply_are_stopped) {
    const TemporaryFolder folder;
    std::string yaml = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
    for (char name = 'b'; name < 'z'; ++name) {
        const std::string previous(1, static_cast<char>(name - 1));
        std::string items;
        for (int i = 0; i < 10; ++i)
            items += (i == 0 ? "*" : ",*") + previous;
        yaml += std::string(1, name) + ": &" + name + " [" + items + "]\n";
    }
    const std::string errors = errors_of(folder, folder.write("a.yaml", yaml));
    BOOST_TEST(errors.find("error: more than 200000 values, aliases counted\n") != std::string::npos);
}

// Whatever stands in the file, reading it ends, with a configuration or with errors that can be printed.
BOOST_AUTO_TEST_CASE(damaged_files) {
    const TemporaryFolder folder;
    const std::string good =
        "listen: [\"[::]:80\", a:1]\nworkers: {count: auto}\nlog: {access: [{stdout: {}, format: '%h'}]}\n"
        "sites:\n  - &s\n    host: [a, '*.b']\n    root: www\n    routes:\n      - {path: /a, handler: files, root: "
        "b}\n";
    const std::string pieces = "{}[]:,-&*!|>'\"%@`#\n\t \\?~<0aK\xC3\xBC\x00";
    std::mt19937 random(20250131);
    for (int round = 0; round < 500; ++round) {
        std::string yaml = good;
        for (auto changes = 1 + random() % 6; changes > 0; --changes) {
            const std::size_t at = random() % yaml.size();
            if (random() % 3 == 0) yaml.erase(at, 1 + random() % 20);
            if (random() % 2 == 0) yaml.insert(std::min(at, yaml.size()), 1, pieces[random() % pieces.size()]);
            if (yaml.empty()) break;
        }
        const auto config = read_config(folder.write("a.yaml", yaml));
        if (!config) BOOST_TEST(!render(config.error()).empty());
    }
}

}  // namespace
}  // namespace basehttpd
