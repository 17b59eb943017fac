#include "basehttp/io/socket_address.h"

#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::SocketAddress;

struct Good {
    const char* text;
    const char* again;
    const char* host;
    int port;
    friend std::ostream& operator<<(std::ostream& out, const Good& row) { return out << row.text; }
};

const Good kGood[]{
    {"127.0.0.1:80", "127.0.0.1:80", "127.0.0.1", 80},
    {"0.0.0.0:0", "0.0.0.0:0", "0.0.0.0", 0},
    {"*:8080", "0.0.0.0:8080", "0.0.0.0", 8080},
    {":65535", "0.0.0.0:65535", "0.0.0.0", 65535},
    {"[::]:80", "[::]:80", "::", 80},
    {"[0:0::1]:1", "[::1]:1", "::1", 1},
    {"unix:/run/x.sock", "unix:/run/x.sock", "unix:", 0},
};

BOOST_DATA_TEST_CASE(accepted, boost::unit_test::data::make(kGood)) {
    const auto address = SocketAddress::parse(sample.text);
    BOOST_REQUIRE(address.has_value());
    BOOST_TEST(address->text() == sample.again);
    BOOST_TEST(address->host() == sample.host);
    BOOST_TEST(address->port() == sample.port);
    BOOST_TEST((*address == SocketAddress(address->get(), address->size())));
}

const char* const kBad[]{"",
                         "80",
                         "localhost:80",
                         "127.0.0.1",
                         "127.0.0.1:",
                         "127.0.0.1:x",
                         "1.2.3.4:-1",
                         "1.2.3.4:65536",
                         "1.2.3:80",
                         "::1:80",
                         "[::1]",
                         "[::1:80",
                         "[1.2.3.4]:8",
                         "[::g]:80",
                         "unix:",
                         "unix:x.sock",
                         "1.2.3.4:80 ",
                         "[]:80"};

BOOST_DATA_TEST_CASE(rejected, boost::unit_test::data::make(kBad)) {
    const auto address = SocketAddress::parse(sample);
    BOOST_REQUIRE(!address);
    BOOST_TEST(!address.error().empty());
}

BOOST_AUTO_TEST_CASE(a_unix_path_fits_to_the_byte) {
    const std::size_t most = sizeof(sockaddr_un::sun_path) - 1;
    const std::string longest = "/" + std::string(most - 1, 'x');
    BOOST_TEST(SocketAddress::parse("unix:" + longest).value().path() == longest);
    BOOST_TEST(!SocketAddress::parse("unix:" + longest + "x"));
}

BOOST_AUTO_TEST_CASE(an_unnamed_peer_has_no_path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const SocketAddress unnamed(reinterpret_cast<const sockaddr*>(&address), sizeof(sa_family_t));
    BOOST_TEST(unnamed.path().empty());
    BOOST_TEST(unnamed.host() == "unix:");
    BOOST_TEST(unnamed.port() == 0);
}

BOOST_AUTO_TEST_CASE(a_path_without_nul_at_its_end_is_not_read_past) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::fill(std::begin(address.sun_path), std::end(address.sun_path), 'x');
    const SocketAddress full(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    BOOST_TEST(full.path().size() == sizeof address.sun_path);
}

BOOST_AUTO_TEST_CASE(what_is_no_socket_has_no_address) {
    BOOST_TEST(SocketAddress::of_socket(-1).family() == AF_UNSPEC);
}

BOOST_AUTO_TEST_CASE(an_abstract_name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, "\0name\n", 6);
    const SocketAddress abstract(reinterpret_cast<const sockaddr*>(&address), offsetof(sockaddr_un, sun_path) + 6);
    BOOST_TEST(abstract.text() == "unix:@name?");
    BOOST_TEST(abstract.path() == "");
    BOOST_TEST(SocketAddress(reinterpret_cast<const sockaddr*>(&address), sizeof(sa_family_t)).text() == "unix:");
}

}  // namespace
