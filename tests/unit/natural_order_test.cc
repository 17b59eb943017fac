#include "basehttp/text/natural_order.h"

#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

using namespace std::literals;

// Each before all that follow it.
const std::vector<std::string_view> kInOrder{
    "",
    "-1",
    "0",
    "00",
    "01",
    "1",
    "9",
    "10",
    "18446744073709551615",
    "18446744073709551616",
    "A2",
    "a",
    "a-10",
    "a0",
    "a01",
    "a1",
    "a1.9",
    "a1.10",
    "a01b2",
    "a1b2",
    "a1b10",
    "a2",
    "a10",
    "a100000000000000000000000000000000000000000",
    "ab",
    "b1",
    "\xc3\xa4",
};

BOOST_AUTO_TEST_CASE(a_total_order) {
    for (std::size_t i = 0; i < kInOrder.size(); ++i) {
        for (std::size_t j = 0; j < kInOrder.size(); ++j) {
            BOOST_TEST_CONTEXT(kInOrder[i] << " and " << kInOrder[j])
            BOOST_TEST(natural_less(kInOrder[i], kInOrder[j]) == (i < j));
        }
    }
}

}  // namespace
}  // namespace basehttp
