#include "daemon/control/verdict.h"

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    for (const Verdict& verdict : {Verdict{0, ""}, Verdict{69, "no"}, Verdict{78, "two\nlines\n"}}) {
        const auto read = parse_verdict(format_verdict(verdict));
        BOOST_REQUIRE(read);
        BOOST_TEST(read->code == verdict.code);
        BOOST_TEST(read->text == verdict.text);
    }
}

BOOST_AUTO_TEST_CASE(half_an_answer_is_none) {
    for (const char* answer : {"", "0", "\n", "yes\n", "0 \n", "99999999999999999999\n"})
        BOOST_TEST(!parse_verdict(answer), answer);
}

}  // namespace
}  // namespace basehttpd
