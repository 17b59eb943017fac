#include "basehttp/server/client_counts.h"

#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/server/client_limit.h"

namespace {

using basehttp::ClientAddress;
using basehttp::ClientCounts;
using basehttp::ClientLimit;

ClientAddress address(const char* text) {
    return ClientAddress::parse(text).value();
}

struct Counts {
    std::unique_ptr<ClientCounts> table = std::make_unique<ClientCounts>();
};

BOOST_FIXTURE_TEST_CASE(what_is_added_is_counted_until_it_is_removed, Counts) {
    for (int i = 0; i < 3; ++i)
        table->add(7);
    table->add(std::uint64_t{7} << 32U);  // falls elsewhere
    BOOST_TEST(table->count(7) == 3U);
    for (std::size_t left : {2U, 1U, 0U}) {
        table->remove(7);
        BOOST_TEST(table->count(7) == left);
    }
    table->remove(7);
    BOOST_TEST(table->count(7) == 0U);
    BOOST_TEST(table->count(std::uint64_t{7} << 32U) == 1U);
    table->clear();
    BOOST_TEST(table->count(std::uint64_t{7} << 32U) == 0U);
}

// The low bits choose the bucket, which has eight places; the bits above 16 tell the clients in it apart.
BOOST_FIXTURE_TEST_CASE(one_that_finds_no_place_is_not_counted, Counts) {
    const auto client = [](std::uint64_t number) { return number << 16U | 5U; };
    for (std::uint64_t i = 1; i <= 9; ++i)
        table->add(client(i));
    for (std::uint64_t i = 1; i <= 8; ++i)
        BOOST_TEST(table->count(client(i)) == 1U);
    BOOST_TEST(table->count(client(9)) == 0U);
    table->remove(client(9));
    table->remove(client(4));
    table->add(client(9));
    BOOST_TEST(table->count(client(9)) == 1U);
    BOOST_TEST(table->count(client(4)) == 0U);
    BOOST_TEST(table->count(client(8)) == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_count_ends_at_its_most, Counts) {
    for (std::size_t i = 0; i <= ClientCounts::kMost; ++i)
        table->add(7);
    BOOST_TEST(table->count(7) == ClientCounts::kMost);
    BOOST_TEST(table->count(7 + (std::uint64_t{1} << 16U)) == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_is_an_ipv4_address_or_an_ipv6_network_of_64_bits) {
    const auto same = [](const char* a, const char* b) {
        return ClientCounts::client_at(address(a), 1) == ClientCounts::client_at(address(b), 1);
    };
    BOOST_TEST(same("192.0.2.1", "192.0.2.1"));
    BOOST_TEST(!same("192.0.2.1", "192.0.2.2"));
    BOOST_TEST(same("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"));
    BOOST_TEST(!same("2001:db8:0:1::1", "2001:db8:0:2::1"));
    BOOST_TEST(!same("192.0.2.1", "c000:201::"));
    BOOST_TEST(ClientCounts::client_at(address("192.0.2.1"), 1) != ClientCounts::client_at(address("192.0.2.1"), 2));
}

struct Beside final : ClientLimit {
    using ClientLimit::ClientLimit;
    std::size_t elsewhere(std::uint64_t) const override { return others; }
    std::size_t others = 0;
};

BOOST_FIXTURE_TEST_CASE(the_limit_is_reached_and_left, Counts) {
    ClientLimit limit(2, 1, *table);
    const ClientAddress client = address("192.0.2.1");
    BOOST_TEST(limit.enter(client));
    BOOST_TEST(limit.enter(client));
    BOOST_TEST(!limit.enter(client));
    BOOST_TEST(limit.enter(address("192.0.2.2")));
    limit.leave(client);
    BOOST_TEST(limit.enter(client));
    BOOST_TEST(!limit.enter(client));
}

BOOST_FIXTURE_TEST_CASE(one_without_an_address_is_not_limited, Counts) {
    ClientLimit limit(1, 1, *table);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(limit.enter(ClientAddress()));
    limit.leave(ClientAddress());
}

BOOST_FIXTURE_TEST_CASE(what_others_have_counts_but_shuts_nobody_out, Counts) {
    Beside limit(3, 1, *table);
    limit.others = 2;
    const ClientAddress client = address("192.0.2.1");
    BOOST_TEST(limit.enter(client));
    BOOST_TEST(!limit.enter(client));
    limit.others = 1;
    BOOST_TEST(limit.enter(client));
    limit.others = 1'000'000;
    BOOST_TEST(limit.enter(address("192.0.2.2")));
    BOOST_TEST(!limit.enter(address("192.0.2.2")));
}

}  // namespace
