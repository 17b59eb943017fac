#include "daemon/text/path_patterns.h"

#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(lists) {
    struct Row {
        std::vector<std::string_view> patterns;
        std::string_view path;
        bool matches;
    };
    for (const auto& [patterns, path, expected] : std::vector<Row>{
             {{}, "/", true},
             {{}, "", true},
             {{"/a*"}, "/ab", true},
             {{"/a*"}, "/b", false},
             {{"/a", "/b"}, "/b", true},
             {{"/a*", "!/a/x"}, "/a/x", false},
             {{"!/a/x", "/a*"}, "/a/x", false},
             {{"/a*", "!/a/x"}, "/a/y", true},
             {{"/a*", "!/a/x"}, "/b", false},
             {{"!/a", "!/b"}, "/b", false},
             {{"!/a", "!/b"}, "/c", true},
             {{"*"}, "", false},
             {{"!*"}, "", true},
         }) {
        std::vector<PathPattern> list;
        for (const std::string_view text : patterns) {
            list.push_back(PathPattern::parse(text));
            BOOST_TEST(list.back().text() == text);
        }
        BOOST_TEST(matches_paths(list, path) == expected, path << " in a list of " << patterns.size());
    }
}

}  // namespace
}  // namespace basehttpd
