#include "daemon/text/glob.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(globs) {
    struct Row {
        std::string_view pattern;
        std::string_view text;
        bool matches;
    };
    for (const auto& [pattern, text, expected] : {
             Row{"", "", true},
             Row{"*", "", true},
             Row{"*", "/a/b", true},
             Row{"?", "", false},
             Row{"?", "a", true},
             Row{"/a*c", "/abbc", true},
             Row{"/a*c", "/abbcd", false},
             Row{"*a*b", "xaxb", true},
             Row{"*a*b", "xbxa", false},
             Row{"**", "x", true},
             Row{"a", "", false},
             Row{"/api/*", "/api/", true},
             Row{"[a]", "a", false},
         }) {
        BOOST_TEST_CONTEXT(pattern << " on " << text) {
            BOOST_TEST(matches_glob(pattern, text) == expected);
        }
    }
    // Backtracking stays linear in both.
    BOOST_TEST(!matches_glob(std::string(50, '*') + "a*a*a*a*b", std::string(100'000, 'a')));
}

}  // namespace
}  // namespace basehttpd
