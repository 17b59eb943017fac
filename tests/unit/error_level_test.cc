// Which messages the error logs of a configuration take.
#include "daemon/config/error_level.h"

#include <boost/test/unit_test.hpp>

using namespace basehttpd;
using basehttp::Severity;

namespace {

std::vector<ErrorSinkConfig> logs(std::initializer_list<Severity> levels) {
    std::vector<ErrorSinkConfig> all;
    for (const Severity level : levels)
        all.emplace_back().level = level;
    return all;
}

BOOST_AUTO_TEST_CASE(the_most_talkative_log_decides) {
    Config config;
    BOOST_TEST((error_level(config) == Severity::critical));
    config.log.error = logs({Severity::error, Severity::warning});
    BOOST_TEST((error_level(config) == Severity::warning));
    config.sites.emplace_back();
    BOOST_TEST((error_level(config) == Severity::warning));
    config.sites.emplace_back().log.error = logs({Severity::critical, Severity::debug, Severity::info});
    BOOST_TEST((error_level(config) == Severity::debug));
    config.sites.back().log.error = logs({});
    BOOST_TEST((error_level(config) == Severity::warning));
}

}  // namespace
