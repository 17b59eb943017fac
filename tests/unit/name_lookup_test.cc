#include "daemon/logger/name_lookup.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using basehttp::ClientAddress;

BOOST_AUTO_TEST_CASE(names_of_hosts) {
    const std::string label(63, 'a');
    for (const std::string& name :
         {std::string("a"), std::string("a.example"), std::string("A-1.example"), std::string("_x.example"),
          std::string("1.2.3.x"), std::string("xn--bcher-kva.example"), label + ".example",
          label + '.' + label + '.' + label + '.' + std::string(61, 'a')})
        BOOST_TEST(is_host_name(name), name);
}

BOOST_AUTO_TEST_CASE(what_names_no_host) {
    const std::string label(63, 'a');
    for (const std::string& name :
         {std::string(), std::string("."), std::string("a."), std::string(".a"), std::string("a..b"),
          std::string("192.0.2.1"), std::string("a.1"), std::string("::1"), std::string("a b"),
          std::string("a\nb.example"), std::string("a\"b"), std::string("a\\b"), std::string("-a.example"),
          std::string("a-.example"), std::string("\xC3\xBC.example"), std::string("a\0b", 3), std::string("a/b"),
          label + "a.example", label + '.' + label + '.' + label + '.' + std::string(62, 'a')})
        BOOST_TEST(!is_host_name(name), name);
}

BOOST_AUTO_TEST_CASE(ipv4_in_ipv6) {
    ClientAddress address;
    address.family = ClientAddress::Family::ipv6;
    address.port = 4711;
    address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 77};
    const ClientAddress plain = address.unmapped();
    BOOST_TEST(plain.text() == "192.0.2.77");
    BOOST_TEST(plain.port == 0);
    address.bytes[0] = 1;
    BOOST_TEST(address.unmapped().text() == address.text());
}

}  // namespace
}  // namespace basehttpd
