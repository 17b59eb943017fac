#include "daemon/master/inheritance.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <stdlib.h>

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    Inheritance given{{3, 9}, true, {{100, 11}, {101, 12}}, {99, 10}, {{102, 13, "a 'b'"}}};
    given.counted.all.requests = 5000;
    given.counted.all.times.back() = 7;
    given.counted.sites.emplace_back("a site", SiteFigures{});
    given.counted.sites.front().second.body_bytes = 9;
    const auto read = Inheritance::decode(given.encode());
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->encode().starts_with("logger 99 10 passed counted "));
    BOOST_TEST(
        read->encode().ends_with(" site 612073697465 7 0 0 0 0 0 0 9 listener 3 listener 9 worker 100 11 "
                                 "worker 101 12 program 102 13 6120276227"));
    BOOST_TEST(read->encode() == given.encode());
    BOOST_TEST(read->counted.all.requests == 5000U);
    BOOST_TEST(read->counted.all.times.back() == 7U);
    BOOST_TEST(read->standby.pid == 0);
    Inheritance more = given;
    more.standby = {98, 14};
    BOOST_TEST(Inheritance::decode(more.encode())->standby.pid == 98);
    BOOST_TEST(Inheritance::decode(more.encode())->standby.channel == 14);
    BOOST_TEST(read->programs.front().command == "a 'b'");
}

BOOST_AUTO_TEST_CASE(a_version_may_count_more_or_less) {
    BOOST_TEST(Inheritance::decode("counted 2 5000 3 passed")->counted.all.requests == 5000U);
    std::string more = "counted 1000";
    for (int i = 0; i < 1000; ++i)
        more += " 1";
    BOOST_TEST(Inheritance::decode(more + " passed")->passed);
}

BOOST_AUTO_TEST_CASE(nonsense_is_nothing) {
    for (const char* text :
         {"worker", "worker 1", "worker x y", "listener -", "sockets 3", "program 1", "program 1 2", "standby 1",
          "counted 1", "counted 2 2", "counted a b", "site", "site 61 x"})
        BOOST_TEST(!Inheritance::decode(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(given_descriptors_outlive_exec_and_taken_ones_do_not) {
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const Inheritance given{{fd}, false, {}, {1, fd}};
    given.give();
    BOOST_TEST(::fcntl(fd, F_GETFD) == 0);
    BOOST_TEST(Inheritance::take().has_value());
    BOOST_TEST(::fcntl(fd, F_GETFD) == FD_CLOEXEC);
    BOOST_TEST(!Inheritance::take().has_value());
    ::close(fd);
}

}  // namespace
}  // namespace basehttpd
