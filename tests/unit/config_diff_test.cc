#include "daemon/config/config_diff.h"

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"

namespace basehttpd {
namespace {

Config some() {
    Config config = default_config({});
    config.workers.count = 2;
    config.sites.emplace_back().root = "/srv/www";
    return config;
}

using Lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(the_same_has_no_changes) {
    BOOST_TEST(changed_keys(some(), some()) == Lines{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_key_old_and_new) {
    Config after = some();
    after.workers.count = 4;
    after.limits.body = 2048;
    after.sites[0].root = "/srv/other";
    const Lines expected{"workers.count: 2 -> 4", "limits.body: 1M -> 2K", "sites[0].root: /srv/www -> /srv/other"};
    BOOST_TEST(changed_keys(some(), after) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_that_come_and_go) {
    Config after = some();
    after.listen.pop_back();
    after.user = "www";
    const Lines expected{"listen[1]: [::]:80 -> (none)", "user: (none) -> www"};
    BOOST_TEST(changed_keys(some(), after) == expected, boost::test_tools::per_element());
}

}  // namespace
}  // namespace basehttpd
