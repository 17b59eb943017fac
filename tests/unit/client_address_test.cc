#include "basehttp/io/client_address.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "basehttp/io/socket_address.h"
#include "basehttp/server/connection_set.h"

namespace {

using basehttp::ClientAddress;
using basehttp::SocketAddress;

ClientAddress address(const std::string& text) {
    if (text.empty()) return {};
    return basehttp::client_address(SocketAddress::parse(text).value());
}

struct Row {
    const char* address;
    unsigned ipv4_bits;
    unsigned ipv6_bits;
    const char* masked;
    std::uint16_t port;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) {
        return out << row.address << " to " << row.masked;
    }
};

const Row kRows[]{
    {"192.0.2.129:4711", 24, 48, "192.0.2.0", 0},
    {"192.0.2.129:4711", 32, 48, "192.0.2.129", 4711},
    {"192.0.2.129:4711", 99, 48, "192.0.2.129", 4711},
    {"192.0.2.129:4711", 25, 48, "192.0.2.128", 0},
    {"192.0.2.129:4711", 31, 48, "192.0.2.128", 0},
    {"255.255.255.255:1", 1, 0, "128.0.0.0", 0},
    {"255.255.255.255:1", 9, 0, "255.128.0.0", 0},
    {"192.0.2.129:4711", 0, 48, "0.0.0.0", 0},
    {"[2001:db8:1:2:3:4:5:6]:80", 24, 48, "2001:db8:1::", 0},
    {"[2001:db8:1:2:3:4:5:6]:80", 24, 128, "2001:db8:1:2:3:4:5:6", 80},
    {"[2001:db8:1:2:3:4:5:6]:80", 24, 33, "2001:db8::", 0},
    {"[2001:db8:8001:2:3:4:5:6]:80", 24, 33, "2001:db8:8000::", 0},
    {"[2001:db8:1:2:3:4:5:6]:80", 24, 0, "::", 0},
    {"[::1]:80", 24, 48, "::", 0},
    {"[::ffff:192.0.2.129]:80", 24, 48, "192.0.2.0", 0},
    {"[::ffff:192.0.2.129]:80", 32, 0, "192.0.2.129", 80},
    {"", 24, 48, "unix:", 0},
};

BOOST_DATA_TEST_CASE(masked, boost::unit_test::data::make(kRows)) {
    const ClientAddress masked = address(sample.address).masked(sample.ipv4_bits, sample.ipv6_bits);
    BOOST_TEST(masked.text() == sample.masked);
    BOOST_TEST(masked.port == sample.port);
    BOOST_TEST((masked.masked(sample.ipv4_bits, sample.ipv6_bits) == masked));
}

BOOST_AUTO_TEST_CASE(every_octet_is_written_as_inet_ntop_does) {
    for (unsigned octet = 0; octet < 256; ++octet) {
        ClientAddress address{ClientAddress::Family::ipv4, 0, {}};
        address.bytes[0] = address.bytes[3] = static_cast<unsigned char>(octet);
        BOOST_TEST(address.text() == std::to_string(octet) + ".0.0." + std::to_string(octet));
    }
}

}  // namespace
