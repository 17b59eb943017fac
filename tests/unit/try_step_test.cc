#include "basehttp/handlers/try_step.h"

#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

using Kind = TryStep::Kind;

struct StepRow {
    std::string_view written;
    TryStep step;
};

BOOST_AUTO_TEST_CASE(steps) {
    const std::vector<StepRow> rows{{"$path", {Kind::path}},
                                    {"$path.html", {Kind::path, ".html"}},
                                    {"$path.tar.gz", {Kind::path, ".tar.gz"}},
                                    {"$path/", {Kind::folder}},
                                    {"/index.html", {Kind::file, "index.html"}},
                                    {"/a/b", {Kind::file, "a/b"}}};
    for (const StepRow& row : rows) {
        BOOST_TEST_CONTEXT(row.written) {
            const auto step = TryStep::parse(row.written);
            BOOST_TEST_REQUIRE(step.has_value());
            BOOST_TEST((*step == row.step));
            BOOST_TEST(step->written() == row.written);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_steps) {
    for (const std::string_view written :
         {"", "/", "index.html", "$uri", "$path.", "$pathhtml", "$path/x", "$path.a/b", "//a", "/a//b", "/a/", "/..",
          "/../a", "/a/./b", "=404", " $path"})
        BOOST_TEST(!TryStep::parse(written).has_value(), written);
}

BOOST_AUTO_TEST_CASE(suffixes) {
    for (const std::string_view path : {"/app.js", "/a/b.c", "/a.b/", "/.a.b", "/a."})
        BOOST_TEST(has_suffix(path), path);
    for (const std::string_view path : {"/", "", "/about", "/a.b/c", "/.well-known", "/a.b/c/"})
        BOOST_TEST(!has_suffix(path), path);
}

}  // namespace
}  // namespace basehttp
