#include "basehttp/handlers/media_types.h"

#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/temporary_folder.h"

namespace basehttp {
namespace {

struct Row {
    std::string_view name;
    std::string_view type;
};

const std::vector<Row> kBuiltIn{
    {"index.html", "text/html; charset=utf-8"},
    {"A.HTML", "text/html; charset=utf-8"},
    {"a.b/c.css", "text/css; charset=utf-8"},
    {"a.txt", "text/plain; charset=utf-8"},
    {"a.svg", "image/svg+xml"},
    {"a.svgz", "image/svg+xml"},
    {"a.json", "application/json"},
    {"a.tar.gz", "application/gzip"},
    {"a.png", "image/png"},
    {"README", "application/octet-stream"},
    {"a.", "application/octet-stream"},
    {"", "application/octet-stream"},
    {"a/b.c/photo.jpeg", "image/jpeg"},
    {"font.woff2", "font/woff2"},
    {"app.webmanifest", "application/manifest+json"},
    {"x.7z", "application/x-7z-compressed"},
    {"x.zst", "application/zstd"},
    {".html", "text/html; charset=utf-8"},
    {"x.htm\xc3\xa9", "application/octet-stream"},
    {"a.html/README", "application/octet-stream"},
    {"a.an-ending-that-is-too-long-for-any-table", "application/octet-stream"},
};

BOOST_AUTO_TEST_CASE(built_in) {
    const MediaTypes types;
    for (const Row& row : kBuiltIn) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST(media_type_of(row.name) == row.type);
            BOOST_TEST(types.type_of(row.name) == row.type);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_table_goes_over_the_built_in_one) {
    MediaTypes types;
    types.add_table(
        "# comment\n"
        "application/x-new\t\tNEW other # rest\r\n"
        "image/x-png  png\n"
        "text/x-diff diff\n"
        "application/without\n"
        "nonsense html\n"
        "\n"
        "text/last last");
    BOOST_TEST(types.type_of("a.new") == "application/x-new");
    BOOST_TEST(types.type_of("a.Other") == "application/x-new");
    BOOST_TEST(types.type_of("a.png") == "image/x-png");
    BOOST_TEST(types.type_of("a.diff") == "text/x-diff; charset=utf-8");
    BOOST_TEST(types.type_of("a.html") == "text/html; charset=utf-8");
    BOOST_TEST(types.type_of("a.rest") == "application/octet-stream");
    BOOST_TEST(types.type_of("a.last") == "text/last; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(what_is_set_wins) {
    MediaTypes types;
    types.add_table("text/x-one one\n");
    types.set("ONE", "text/two;charset=latin1");
    types.set("html", "text/html");
    BOOST_TEST(types.type_of("a.one") == "text/two;charset=latin1");
    BOOST_TEST(types.type_of("a.html") == "text/html; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(endings_of_two_parts_go_before_those_of_one) {
    MediaTypes types;
    types.set("gz", "application/x-one");
    types.set("Wasm.gz", "application/wasm");
    BOOST_TEST(types.type_of("game.WASM.gz") == "application/wasm");
    BOOST_TEST(types.type_of("wasm.gz") == "application/x-one");
    BOOST_TEST(types.type_of("/a.wasm/gz") == "application/octet-stream");
    BOOST_TEST(types.type_of("x.tar.gz") == "application/x-one");
    BOOST_TEST(types.type_of(".gz") == "application/x-one");
    BOOST_TEST(types.type_of("a..gz") == "application/x-one");
}

BOOST_AUTO_TEST_CASE(codings) {
    MediaTypes types;
    types.add_table("image/svg+xml svg svgz\n");
    BOOST_TEST(types.coding_of("a/b.svgz") == "gzip");
    BOOST_TEST(types.coding_of("A.SVGZ") == "gzip");
    for (const char* name : {"a.svg", "svgz", "a.gz", "a.tar.gz", "a.tgz", "a.js.gz", "a.js.br", "a.svgz.txt", ""})
        BOOST_TEST(types.coding_of(name) == "", name);
    types.set("svgz", "image/svg+xml");
    BOOST_TEST(types.coding_of("a.svgz") == "gzip");
    types.set_coding("js.br", "br");
    BOOST_TEST(types.coding_of("a.js.br") == "br");
    BOOST_TEST(types.coding_of("a.css.br") == "");
    types.set_coding("SVGZ", "");
    BOOST_TEST(types.coding_of("a.svgz") == "");
}

BOOST_AUTO_TEST_CASE(the_systems_table) {
    const basehttpd_test::TemporaryFolder folder;
    const auto types = MediaTypes::of_system(folder.write("mime.types", "a/b abc\n"));
    BOOST_TEST(types.type_of("x.abc") == "a/b");
    BOOST_TEST(MediaTypes::of_system(folder.path("none")).type_of("x.html") == "text/html; charset=utf-8");
}

}  // namespace
}  // namespace basehttp
