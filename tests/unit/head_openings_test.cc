#include "basehttp/server/head_openings.h"

#include <boost/test/unit_test.hpp>

namespace {

struct Fixture {
    basehttp::DateCache date;
    basehttp::HeadOpenings openings{date};
};

BOOST_FIXTURE_TEST_CASE(an_opening_is_of_what_was_asked_for, Fixture) {
    constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nServer: spam/1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    BOOST_TEST(openings.find(200, "spam/1", 784'111'777) == kOk);
    BOOST_TEST(openings.find(304, "spam/1", 784'111'777) ==
               "HTTP/1.1 304 Not Modified\r\nServer: spam/1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    // Statuses that are kept in the same place do not mix.
    BOOST_TEST(openings.find(200 + 16, "spam/1", 784'111'777) ==
               "HTTP/1.1 216 \r\nServer: spam/1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    BOOST_TEST(openings.find(200, "spam/1", 784'111'777) == kOk);
    BOOST_TEST(openings.find(200, "spam/2", 784'111'777) ==
               "HTTP/1.1 200 OK\r\nServer: spam/2\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    BOOST_TEST(openings.find(200, "spam/2", 784'111'776) ==
               "HTTP/1.1 200 OK\r\nServer: spam/2\r\nDate: Sun, 06 Nov 1994 08:49:36 GMT\r\n");
    BOOST_TEST(openings.find(200, "", 784'111'776) == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:36 GMT\r\n");
}

}  // namespace
