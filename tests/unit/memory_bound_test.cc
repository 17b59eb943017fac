#include "daemon/check/memory_bound.h"

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"

namespace basehttpd {
namespace {

std::uint64_t worker(const Config& config) {
    return MemoryBound::of(config).worker();
}

BOOST_AUTO_TEST_CASE(each_limit_that_allows_more_makes_it_larger) {
    const Config usual = default_config({});
    using Change = void (*)(Config&);
    for (const Change change : {
             Change{[](Config& config) { config.limits.connections *= 2; }},
             Change{[](Config& config) { config.limits.request_line *= 2; }},
             Change{[](Config& config) { config.limits.header_bytes *= 4; }},
             Change{[](Config& config) { config.limits.header_fields *= 2; }},
             Change{[](Config& config) { config.file_cache.bytes *= 2; }},
             Change{[](Config& config) { config.file_cache.entries *= 2; }},
             Change{[](Config& config) { config.sites.resize(config.sites.size() + 1); }},
         }) {
        Config more = usual;
        change(more);
        BOOST_TEST(worker(more) > worker(usual));
    }
}

BOOST_AUTO_TEST_CASE(passwords_cost_what_their_hashing_takes) {
    Config open = default_config({});
    open.sites.resize(1);
    Config closed = open;
    closed.sites[0].auth = AuthConfig{.htpasswd = "/etc/htpasswd"};
    BOOST_TEST(worker(closed) >= worker(open) + 2 * (16U << 20U));
}

BOOST_AUTO_TEST_CASE(the_text_has_the_sum_and_its_parts) {
    Config config = default_config({});
    config.limits.connections = 7;
    const std::string text = MemoryBound::of(config).text();
    BOOST_TEST(text.starts_with("A worker needs at most "));
    BOOST_TEST(text.find("limits.connections: 7 times ") != std::string::npos);
    BOOST_TEST(text.find("file_cache.bytes") != std::string::npos);
}

}  // namespace
}  // namespace basehttpd
