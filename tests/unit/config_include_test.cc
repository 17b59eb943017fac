// Configurations of several files.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_reader.h"
#include "tests/unit/config_errors_of.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::errors_of;
using basehttpd_test::TemporaryFolder;

BOOST_AUTO_TEST_CASE(relative_paths_begin_at_their_file) {
    const TemporaryFolder folder;
    folder.write("conf.d/b.yaml", "sites: [{host: b, root: www}]");
    const std::string file = folder.write("a.yaml",
                                          "include: conf.d/*.yaml\n"
                                          "log: {access: [{file: log/a}], error: [{file: ../e}]}\n"
                                          "sites: [{root: ., routes: [{path: /r, handler: files, root: ./r}]}]\n");
    const auto config = read_config(file);
    BOOST_TEST_REQUIRE(config.has_value());
    BOOST_TEST(config->log.access[0].sink.path == folder.path("log/a"));
    BOOST_TEST(config->log.error[0].sink.path == folder.path("../e"));
    BOOST_TEST_REQUIRE(config->sites.size() == 2U);
    BOOST_TEST(config->sites[0].root == folder.path());
    BOOST_TEST(std::get<FilesHandler>(config->sites[0].routes[0].handler).root == folder.path("r"));
    BOOST_TEST(config->sites[1].root == folder.path("conf.d/www"));
    BOOST_TEST(config->sites[1].where.file == folder.path("conf.d/b.yaml"));
}

BOOST_AUTO_TEST_CASE(included_files) {
    const TemporaryFolder folder;
    folder.write("d/2.yaml", "sites: [{host: two, root: /srv}]");
    folder.write("d/1.yaml", "sites: [{host: one, root: /srv}]");
    folder.write("d/.hidden.yaml", "nonsense");
    folder.write("d/3.yaml", "# nothing yet\n");
    const auto config = read_config(folder.write("a.yaml", "include: ['d/*.yaml', d/1.yaml]\n"));
    BOOST_TEST_REQUIRE(config.has_value());
    BOOST_TEST_REQUIRE(config->sites.size() == 2U);
    BOOST_TEST(config->sites[0].hosts.front() == "one");
    BOOST_TEST(config->sites[1].hosts.front() == "two");
}

BOOST_AUTO_TEST_CASE(errors_of_several_files_come_together) {
    const TemporaryFolder folder;
    folder.write("d/1.yaml", "user: a\nsites: [{host: x, root: /srv}]\n");
    folder.write("d/2.yaml", "sites: [{host: x, root: /srv}]\ninclude: d\n");
    folder.write("d/3.yaml", "sites: [\n");
    const std::string file = folder.write("a.yaml", "include: d/*\nuse: b\n");
    BOOST_TEST(errors_of(folder, file) == R"(DIR/a.yaml:2:1: error: unknown key 'use'; did you mean 'user'?
    2 | use: b
      | ^
DIR/d/1.yaml:1:1: error: unknown key 'user'; an included file holds 'sites' alone
    1 | user: a
      | ^
DIR/d/2.yaml:1:16: error: duplicate host 'x'; it has its site already, at DIR/d/1.yaml:2
    1 | sites: [{host: x, root: /srv}]
      |                ^
DIR/d/2.yaml:2:1: error: unknown key 'include'; an included file holds 'sites' alone
    2 | include: d
      | ^
DIR/d/3.yaml:1:8: error: this '[' is never closed; close it with ']', or separate with ','
    1 | sites: [
      |        ^
)");
}

// What a wide pattern catches: who reads the error has not heard of the file.
BOOST_AUTO_TEST_CASE(an_error_in_a_file_that_is_no_yaml_names_who_includes_it) {
    const std::vector<std::pair<std::string, ConfigPosition>> rows{
        {"Put your sites here\n", {{}, 1, 1}},
        {"- a\n", {{}, 1, 1}},
        {"Sites:\n  one [two\n    three: : four\n", {{}, 2, 3}},
        {"caf\xE9\n", {{}, 1, 4}},
    };
    for (const auto& [text, place] : rows) {
        const TemporaryFolder folder;
        folder.write("conf.d/README", text);
        const auto config =
            read_config(folder.write("a.yaml", "user: a\ninclude: conf.d/*\nsites: [{root: /srv}]\n"));
        BOOST_TEST_REQUIRE(!config.has_value());
        BOOST_TEST_REQUIRE(config.error().size() == 1);
        const ConfigError& error = config.error().front();
        BOOST_TEST(error.where.file == folder.path("conf.d/README"));
        BOOST_TEST(error.where.line == place.line, render(config.error()));
        BOOST_TEST(error.where.column == place.column, render(config.error()));
        BOOST_TEST(folder.without_path(error.hint) ==
                   "it is included by DIR/a.yaml:2; write include: conf.d/*.yaml to leave it out");
    }
}

BOOST_AUTO_TEST_CASE(files_that_may_be_included) {
    const TemporaryFolder folder;
    folder.write("d/empty.yaml", "");
    folder.write("d/list.yaml", "- root: /srv\n");
    const std::string site = "sites: [{root: /srv}]\n";
    BOOST_TEST(errors_of(folder, folder.write("a.yaml", "include: d/empty.yaml\n" + site)) == "accepted");
    BOOST_TEST(errors_of(folder, folder.write("a.yaml", "include: [d/empty.yaml, d/empty.yaml]\n" + site)) ==
               "accepted");
    BOOST_TEST(errors_of(folder, folder.write("a.yaml", "include: d/list.yaml\n" + site))
                   .starts_with("DIR/d/list.yaml:1:1:"));
}

}  // namespace
}  // namespace basehttpd
