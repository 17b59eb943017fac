// Waits for what has no event of its own.
#pragma once

#include <chrono>
#include <thread>

#include <boost/test/unit_test.hpp>

namespace basehttpd_test {

/// Returns when `condition` is true; fails the test where that takes longer than any machine needs.
template <typename Condition>
void until(Condition condition) {
    constexpr std::chrono::seconds kMost{20};
    const auto end = std::chrono::steady_clock::now() + kMost;
    while (!condition()) {
        BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < end));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace basehttpd_test
