#include "basehttp/server/date_cache.h"

#include <boost/test/unit_test.hpp>

namespace {

BOOST_AUTO_TEST_CASE(the_date_is_that_of_the_second_asked_for) {
    basehttp::DateCache cache;
    BOOST_TEST(cache.at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(cache.at(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(cache.at(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(cache.at(784'111'776) == "Sun, 06 Nov 1994 08:49:36 GMT");
}

BOOST_AUTO_TEST_CASE(it_is_written_once_a_second) {
    basehttp::DateCache cache;
    const char* first = cache.at(5).data();
    BOOST_TEST(static_cast<const void*>(cache.at(5).data()) == static_cast<const void*>(first));
    BOOST_TEST(static_cast<const void*>(cache.at(6).data()) == static_cast<const void*>(first));
}

}  // namespace
