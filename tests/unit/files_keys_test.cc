#include "daemon/config/files_keys.h"

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

struct WrongRow {
    std::string text;  // beside `root: a` in a site
    int column;
    std::string message;
};

const std::vector<WrongRow> kWrong{
    {"symlinks: no", 29, "unknown symlinks 'no'; valid here: within, never, follow"},
    {"precompressed: gz", 34, "'precompressed': 'gz' is neither true nor false"},
    {"try: [$path, =404]", 32,
     "'try': '=404' is not looked up; leave it out: a path for which nothing is found is answered 404"},
    {"try: [$uri, $uri/]", 25, "'try': '$uri' is not a place to look; write '$path'"},
    {"try: [$path/index.html]", 25,
     "'try': '$path/index.html' is not a place to look; write '$path/': the names in a directory are those of "
     "'index'"},
    {"try: [$path.]", 25, "'try': '$path.' is not the name of a file; write one like $path.html or /index.html"},
    {"try: /../index.html", 24, "'try': '/../index.html' is not the name of a file"},
    {"try: index.html", 24,
     "'try': 'index.html' is not a place to look; write $path, $path.html, $path/ or /index.html"},
    {"try: [/index.html, $path]", 38,
     "'try': '$path' is never reached: it comes after '/index.html'; write the file that answers for all paths last"},
    {"try: [$path, $path/, $path]", 40, "'try': '$path' is repeated"},
    {"try: []", 24, "the list of 'try' is empty; leave the key out for its default"},
    {"try_suffixed: all", 33, "'try_suffixed': 'all' is neither true nor false"},
    {"trailing_slash: never", 35, "unknown trailing_slash 'never'; valid here: keep, add, remove"},
    {"trailing_slash: true", 35, ""},
    {"expires: 1500ms", 28, "'expires' counts whole seconds; write 1s or more, or 0"},
    {"expires: soon", 28, ""},
    {"headers: X", 28, "'headers' takes keys with values, not the value 'X'"},
    {"headers: {'a b': c}", 29,
     "'a b' is not the name of a field; letters, digits and '-' make one, like Cache-Control"},
    {"headers: {content-length: 1}", 29, "'content-length' is written by the server itself; leave it out"},
    {"headers: {location: /x}", 29, "'location' is written by the server itself; leave it out"},
    {"headers: {Content-Type: a/b}", 29,
     "'Content-Type' is written by the server itself; write types: {ENDING: TYPE}"},
    {"headers: {X-A: \"b\\r\\nSet-Cookie: c\"}", 34, "'X-A' has a control character in it"},
    {"headers: {X-A: [b]}", 34, ""},
    {"headers: {X-A: b, X-A: c}", 37, "duplicate key 'X-A'; it is already on line 1"},
    {"headers: {set: x}", 34, "'set' takes keys with values, not the value 'x'"},
    {"headers: {add: {Date: now}}", 35, "'Date' is written by the server itself; leave it out"},
    {"headers: {set: {Vary: Cookie}}", 35, "'Vary' is written by the server itself; write it below 'add'"},
    {"headers: {set: {ETag: x}}", 35, "'ETag' is written by the server itself; it can be left out only, by 'remove'"},
    {"headers: {remove: [Connection]}", 38, "'Connection' is written by the server itself; leave it out"},
    {"headers: {remove: a b}", 37, "'a b' is not the name of a field"},
    {"headers: {remove: {X-A: b}}", 37, ""},
    {"headers: {set: {X-A: b, x-a: c}}", 43, "duplicate 'x-a': case does not count; it is already on line 1"},
    {"headers: {always: errors}", 37, "'always': 'errors' is neither true nor false"},
    {"types: {.md: text/markdown}", 27,
     "'.md' is not the ending of a name; write the ending alone, like html or js.gz"},
    {"types: {'*.md': text/markdown}", 27, "'*.md' is not the ending of a name; write the ending alone"},
    {"types: {a.b.c: a/b}", 27, "'a.b.c' is not the ending of a name; it has one part or two, like html or js.gz"},
    {"types: {gz: {type: a/b, coding: gzp}}", 51, "unknown coding 'gzp'; did you mean 'gzip'?"},
    {"types: {gz: {type: a/b, coding: deflate}}", 51, "unknown coding 'deflate'; valid here: gzip, br, zstd"},
    {"types: {gz: {type: b, coding: br}}", 38, "'type': 'b' is not a media type; write one like text/plain"},
    {"types: {gz: {coding: gzip}}", 31, "'gz' has no 'type'; write one like type: text/javascript"},
    {"types: {gz: {type: a/b, codng: gzip}}", 43, "unknown key 'codng'; did you mean 'coding'?"},
    {"types: {md: markdown}", 31, "'md': 'markdown' is not a media type; write one like text/plain"},
    {"error_pages: {200: a.html}", 33,
     "'200' is not the status of an error; write one from 400 to 599, like 404: FILE"},
    {"routes: [{path: /o, handler: redirect, to: /n, listing: true}]", 75,
     "'listing' has no meaning for handler 'redirect'; it belongs to 'files'"},
};

BOOST_AUTO_TEST_CASE(wrong_values) {
    for (const WrongRow& row : kWrong) {
        BOOST_TEST_CONTEXT(row.text) {
            const TemporaryFolder folder;
            const std::string errors =
                errors_of(folder, folder.write("a.yaml", "sites: [{root: a, " + row.text + "}]"));
            const std::string head = "DIR/a.yaml:1:" + std::to_string(row.column) + ": error: " + row.message;
            BOOST_TEST(errors.substr(0, head.size()) == head);
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_file_cache) {
    const TemporaryFolder folder;
    const auto errors =
        errors_of(folder, folder.write("a.yaml", "sites: [{root: a}]\nfile_cache: {valid: x, entries: 1M, byte: 1}"));
    for (const char* part : {"'valid'", "'entries'", "unknown key 'byte'"})
        BOOST_TEST(errors.find(part) != std::string::npos, errors);
}

BOOST_AUTO_TEST_CASE(a_route_starts_from_its_site) {
    const TemporaryFolder folder;
    const auto config = read_config(folder.write("a.yaml", R"(
file_cache: {valid: 0, entries: 5, bytes: 1K}
sites:
  - root: a
    symlinks: never
    expires: 1h
    headers: {X-A: site, Cache-Control: no-cache}
    types: {md: text/plain, gz: {type: a/gz, coding: gzip}}
    routes:
      - {path: /b/, handler: files, root: b, symlinks: follow, listing: true, index: [a, b],
         headers: {x-a: route, X-B: more}, types: {MD: text/markdown, x.br: {type: a/x, coding: br}}}
)"));
    BOOST_TEST_REQUIRE(config.has_value());
    BOOST_TEST(config->file_cache.valid.count() == 0);
    BOOST_TEST(config->file_cache.entries == 5U);
    BOOST_TEST(config->file_cache.bytes == 1024U);
    const SiteConfig& site = config->sites[0];
    const auto& route = std::get<FilesHandler>(site.routes[0].handler);
    BOOST_TEST((site.symlinks == basehttp::Symlinks::never));
    BOOST_TEST(!site.listing);
    BOOST_TEST((route.symlinks == basehttp::Symlinks::follow));
    BOOST_TEST(route.listing);
    BOOST_TEST(route.index.size() == 2U);
    BOOST_TEST((route.expires == std::chrono::hours(1)));
    const basehttp::FieldRules::Pairs set{{"x-a", "route"}, {"Cache-Control", "no-cache"}, {"X-B", "more"}};
    BOOST_TEST((site.routes[0].headers.set == set));
    const std::vector<TypeConfig> types{{"MD", "text/markdown"}, {"gz", "a/gz", "gzip"}, {"x.br", "a/x", "br"}};
    BOOST_TEST((route.types == types));
}

// What a route says of fields beside its site.
BOOST_AUTO_TEST_CASE(headers_of_a_route_and_its_site) {
    struct Row {
        std::string route;
        basehttp::FieldRules rules;
    };
    const std::vector<Row> rows{
        {"{always: true}", {.set = {{"X-A", "a"}}, .add = {{"X-B", "b"}}, .remove = {"X-C"}, .always = true}},
        {"{x-a: c}", {.set = {{"x-a", "c"}}, .add = {{"X-B", "b"}}, .remove = {"X-C"}}},
        {"{set: {X-B: c}}", {.set = {{"X-A", "a"}, {"X-B", "c"}}, .remove = {"X-C"}}},
        {"{add: {X-B: c, X-C: [d, e, d]}}",
         {.set = {{"X-A", "a"}}, .add = {{"X-B", "b"}, {"X-B", "c"}, {"X-C", "d"}, {"X-C", "e"}}, .remove = {"X-C"}}},
        {"{remove: [x-a, X-B], add: {X-B: c}}", {.add = {{"X-B", "c"}}, .remove = {"X-C", "x-a", "X-B"}}},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.route) {
            const TemporaryFolder folder;
            const auto config =
                read_config(folder.write("a.yaml",
                                         "sites: [{headers: {set: {X-A: a}, add: {X-B: b}, remove: X-C}, "
                                         "routes: [{path: /, handler: health, headers: " +
                                             row.route + "}]}]"));
            BOOST_TEST_REQUIRE(config.has_value());
            BOOST_TEST((config->sites[0].routes[0].headers == row.rules));
        }
    }
}

}  // namespace
}  // namespace basehttpd
