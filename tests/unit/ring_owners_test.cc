#include "daemon/board/ring_owners.h"

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using Begin = RingOwners::Begin;

constexpr auto kNone = std::optional<std::uint64_t>();

BOOST_AUTO_TEST_CASE(a_record_is_the_one_s_that_wrote_when_it_was_written) {
    RingOwners owners;
    BOOST_TEST(owners.at(0) == 0);
    owners.add(0, 100);
    owners.add(64, 200);
    BOOST_TEST(owners.at(63) == 100);
    BOOST_TEST(owners.at(64) == 200);
    for (int i = 0; i < 20; ++i)
        owners.add(128 + static_cast<std::uint64_t>(i), 300);
    BOOST_TEST(owners.at(64) == 0);
}

BOOST_AUTO_TEST_CASE(behind_what_makes_no_sense_is_the_next_one) {
    RingOwners owners;
    owners.add(0, 100);
    BOOST_TEST((owners.next_after(32) == kNone));
    owners.add(64, 200);
    owners.add(128, 300);
    BOOST_TEST(owners.next_after(32).value() == 64U);
    BOOST_TEST(owners.next_after(64).value() == 128U);
    BOOST_TEST((owners.next_after(128) == kNone));
    BOOST_TEST(owners.last_from() == 128U);
}

BOOST_AUTO_TEST_CASE(a_ring_that_was_begun_anew_is_read_from_there_once) {
    RingOwners owners;
    owners.add(0, 100);
    owners.add(48, 100, Begin::anew);
    owners.add(96, 200);
    BOOST_TEST(owners.begun_anew_since(0).value() == 48U);
    BOOST_TEST(owners.begun_anew_since(1).value() == 48U);
    BOOST_TEST((owners.begun_anew_since(2) == kNone));
    BOOST_TEST((owners.begun_anew_since(3) == kNone));
}

}  // namespace
}  // namespace basehttpd
