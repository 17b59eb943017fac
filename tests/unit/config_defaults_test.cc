#include "daemon/config/config_defaults.h"

#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(serving_a_folder) {
    const Config config = quick_config("/srv/./www", "", 8000);
    BOOST_TEST(config.listen[0].address == "127.0.0.1:8000");
    BOOST_TEST(config.listen[1].address == "[::1]:8000");
    BOOST_TEST((config.log.access[0].sink.kind == SinkConfig::Kind::standard_output));
    BOOST_TEST((config.log.error[0].sink.kind == SinkConfig::Kind::standard_error));
    BOOST_TEST_REQUIRE(config.sites.size() == 1U);
    BOOST_TEST(config.sites[0].root == "/srv/www");
    BOOST_TEST(config.sites[0].listing);
    BOOST_TEST(config.workers.count >= 1U);
}

BOOST_AUTO_TEST_CASE(serving_a_folder_on_another_address) {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"0.0.0.0", "0.0.0.0:80"}, {"::", "[::]:80"}, {"[::1]", "[::1]:80"}, {"localhost", "localhost:80"}};
    for (const auto& [bind, address] : rows) {
        const Config config = quick_config("/srv", bind, 80);
        BOOST_TEST_REQUIRE(config.listen.size() == 1U);
        BOOST_TEST(config.listen[0].address == address);
    }
}

}  // namespace
}  // namespace basehttpd
