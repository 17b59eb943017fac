#include "daemon/config/syslog_address.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

struct GoodRow {
    std::string text;
    std::string written;  // as it is printed
};

const GoodRow kGood[] = {
    {"/dev/log", "/dev/log"},
    {"/run/a b", "/run/a b"},
    {"udp:logs.example:5514", "udp:logs.example:5514"},
    {"udp:Logs.Example", "udp:logs.example:514"},
    {"tcp:192.0.2.1", "tcp:192.0.2.1:514"},
    {"tcp:[::1]", "tcp:[::1]:514"},
    {"tcp:[0:0:0:0:0:0:0:1]:601", "tcp:[::1]:601"},
};

struct BadRow {
    std::string text;
    std::string message;
    std::string hint;
};

const BadRow kBad[] = {
    {"dev/log", "not a place for syslog messages", "write /dev/log, /PATH, udp:HOST:PORT or tcp:HOST:PORT"},
    {"logs.example:514", "not a place for syslog messages", "write /dev/log, /PATH, udp:HOST:PORT or tcp:HOST:PORT"},
    {"tls:a:1", "not a place for syslog messages", "write /dev/log, /PATH, udp:HOST:PORT or tcp:HOST:PORT"},
    {"udp:a:0", "not an address: its port must be a number from 1 to 65535, not '0'", ""},
    {"tcp:::1", "not an address: write IPv6 in brackets", ""},
    {"tcp:fe80::1:514", "not an address: write IPv6 in brackets", "write \"[fe80::1]:514\""},
    {"tcp:a b", "not an address: 'a b' is neither an IPv4 address nor a host name", ""},
    {"udp:unix:/x", "not an address", "write the path of a socket alone"},
    {"/" + std::string(107, 'a'), "too long for a socket: its path has 108 bytes, 107 are possible", ""},
};

BOOST_AUTO_TEST_CASE(good_ones_are_written_as_they_are_read) {
    for (const GoodRow& row : kGood) {
        const auto address = parse_syslog_address(row.text);
        BOOST_TEST_REQUIRE(address.has_value(), row.text);
        BOOST_TEST(format_syslog_address(*address) == row.written);
        BOOST_TEST(format_syslog_address(*parse_syslog_address(row.written)) == row.written);
    }
}

BOOST_AUTO_TEST_CASE(bad_ones) {
    for (const BadRow& row : kBad) {
        const auto address = parse_syslog_address(row.text);
        BOOST_TEST_REQUIRE(!address.has_value(), row.text);
        BOOST_TEST(address.error().message == row.message);
        if (!row.hint.empty()) BOOST_TEST(address.error().hint == row.hint);
    }
}

BOOST_AUTO_TEST_CASE(tags) {
    BOOST_TEST(parse_syslog_tag("basehttpd-1.a_b/c").value() == "basehttpd-1.a_b/c");
    for (const std::string text : {"a b", "a:", "a[1]", "\xC3\xBC", "123456789012345678901234567890123"})
        BOOST_TEST(!parse_syslog_tag(text).has_value(), text);
}

}  // namespace
}  // namespace basehttpd
