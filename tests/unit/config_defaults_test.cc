#include "daemon/config/config_defaults.h"

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(serving_a_folder) {
    const Config config = quick_config("/srv/./www", 8000);
    BOOST_TEST(config.listen[0].address == "0.0.0.0:8000");
    BOOST_TEST(config.listen[1].address == "[::]:8000");
    BOOST_TEST((config.log.access[0].sink.kind == SinkConfig::Kind::standard_output));
    BOOST_TEST((config.log.error[0].sink.kind == SinkConfig::Kind::standard_error));
    BOOST_TEST_REQUIRE(config.sites.size() == 1U);
    BOOST_TEST(config.sites[0].root == "/srv/www");
    BOOST_TEST(config.sites[0].listing);
    BOOST_TEST(config.workers.count >= 1U);
}

}  // namespace
}  // namespace basehttpd
