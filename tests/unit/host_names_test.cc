#include "daemon/logger/host_names.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <semaphore>
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using basehttp::ClientAddress;

ClientAddress client(unsigned number) {
    ClientAddress address;
    address.family = ClientAddress::Family::ipv4;
    address.port = static_cast<std::uint16_t>(number);
    address.bytes = {10, static_cast<unsigned char>(number >> 16U), static_cast<unsigned char>(number >> 8U),
                     static_cast<unsigned char>(number)};
    return address;
}

const auto kNoHurry = [] { return false; };

// What the threads share with the test: they may outlive it.
struct Resolver {
    std::atomic<int> calls = 0;
    std::counting_semaphore<> gate{0};
};

// Until a lookup has come to its end: no answer is later than this.
void wait_for(HostNames& names, const ClientAddress& address) {
    while (names.name_of(address).empty())
        names.wait(kNoHurry);
}

BOOST_AUTO_TEST_CASE(all_of_a_batch_are_known_after_the_wait) {
    const auto resolver = std::make_shared<Resolver>();
    HostNames names([resolver](const ClientAddress& address) {
        ++resolver->calls;
        return "of-" + address.text();
    });
    for (unsigned i = 0; i < 100; ++i)
        names.expect(client(i));
    for (unsigned i = 0; i < 100; ++i)
        wait_for(names, client(i));
    BOOST_TEST(names.name_of(client(7)) == "of-10.0.0.7");
    for (unsigned i = 0; i < 100; ++i)
        names.expect(client(i));
    names.wait(kNoHurry);
    BOOST_TEST(resolver->calls == 100);
}

BOOST_AUTO_TEST_CASE(what_has_no_name_is_not_asked_for_again) {
    const auto resolver = std::make_shared<Resolver>();
    HostNames names([resolver](const ClientAddress& address) {
        const bool last = address.bytes[3] == 2;
        ++resolver->calls;
        return last ? std::string("b.example") : std::string();
    });
    for (int round = 0; round < 3; ++round) {
        names.expect(client(1));
        while (resolver->calls == 0)
            names.wait(kNoHurry);
    }
    names.expect(client(2));
    wait_for(names, client(2));
    BOOST_TEST(names.name_of(client(1)) == "");
    BOOST_TEST(resolver->calls == 2);
}

BOOST_AUTO_TEST_CASE(a_name_server_that_is_silent_is_not_waited_for) {
    const auto resolver = std::make_shared<Resolver>();
    HostNames names([resolver](const ClientAddress&) {
        resolver->gate.acquire();
        return std::string("late.example");
    });
    // Each wait has its end, and many of them together do not take the test's time.
    for (unsigned i = 0; i < 5000; ++i) {
        names.expect(client(i));
        names.wait(kNoHurry);
        BOOST_TEST_REQUIRE(names.name_of(client(i)) == "");
    }
    resolver->gate.release(5000);
    names.expect(client(0));
    wait_for(names, client(0));
    BOOST_TEST(names.name_of(client(0)) == "late.example");
}

BOOST_AUTO_TEST_CASE(hurry_ends_a_wait) {
    const auto resolver = std::make_shared<Resolver>();
    HostNames names([resolver](const ClientAddress&) {
        resolver->gate.acquire();
        return std::string();
    });
    names.expect(client(1));
    int asked = 0;
    names.wait([&asked] { return ++asked == 3; });
    BOOST_TEST(asked == 3);
    resolver->gate.release(1);
}

BOOST_AUTO_TEST_CASE(the_number_of_names_is_bounded) {
    const auto resolver = std::make_shared<Resolver>();
    HostNames names([resolver](const ClientAddress&) {
        ++resolver->calls;
        return std::string("a.example");
    });
    names.expect(client(0));
    wait_for(names, client(0));
    for (unsigned i = 1; i <= HostNames::kMostKnown; ++i)
        names.expect(client(i));
    BOOST_TEST(names.name_of(client(0)) == "");
}

BOOST_AUTO_TEST_CASE(no_address_has_no_name) {
    HostNames names([](const ClientAddress&) { return std::string("never"); });
    names.expect(ClientAddress{});
    names.wait(kNoHurry);
    BOOST_TEST(names.name_of(ClientAddress{}) == "");
}

}  // namespace
}  // namespace basehttpd
