#include "basehttp/io/proxy_header.h"

#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::ClientAddress;
using basehttp::parse_proxy_header;
using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

// A header of version 2.
std::string v2(unsigned command, unsigned family, const std::string& rest) {
    const std::string size{static_cast<char>(rest.size() >> 8U), static_cast<char>(rest.size() & 0xffU)};
    return kSignature + static_cast<char>(command) + static_cast<char>(family) + size + rest;
}

const std::string kIpv4 = "\xc0\0\x02\x01\xc6\x33\x64\x01\x12\x67\0\x50"s;
const std::string kIpv6 =
    "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01"s + std::string(16, '\x01') + "\x12\x67\0\x50"s;
const std::string kMapped =
    std::string(10, '\0') + "\xff\xff\xc0\0\x02\x01"s + std::string(16, '\x01') + "\x12\x67\0\x50"s;

struct Row {
    std::string name;
    std::string bytes;
    std::string client;  // with its port; `own`: the proxy's
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

const std::vector<Row> kGood{
    {"TCP4", "PROXY TCP4 192.0.2.1 198.51.100.1 4711 80\r\n", "192.0.2.1 4711"},
    {"TCP6", "PROXY TCP6 2001:db8::1 2001:db8::2 4711 443\r\n", "2001:db8::1 4711"},
    {"TCP6 with IPv4", "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 0 65535\r\n", "192.0.2.1 0"},
    {"UNKNOWN", "PROXY UNKNOWN\r\n", "own"},
    {"UNKNOWN with more", "PROXY UNKNOWN ffff::1 what ever \xff\r\n", "own"},
    {"the longest line", "PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", "own"},
    {"v2 IPv4", v2(0x21, 0x11, kIpv4), "192.0.2.1 4711"},
    {"v2 IPv6", v2(0x21, 0x21, kIpv6), "2001:db8::1 4711"},
    {"v2 IPv6 with IPv4", v2(0x21, 0x21, kMapped), "192.0.2.1 4711"},
    {"v2 with more behind the addresses", v2(0x21, 0x11, kIpv4 + "\x04\0\x02\0\0"s), "192.0.2.1 4711"},
    {"v2 unix", v2(0x21, 0x31, std::string(216, 'a')), "unix: 0"},
    {"v2 unspecified", v2(0x21, 0x00, ""), "own"},
    {"v2 local", v2(0x20, 0x00, ""), "own"},
    {"v2 local with addresses", v2(0x20, 0x11, kIpv4), "own"},
    {"v2 local of any family", v2(0x20, 0xff, "x"), "own"},
    {"the longest of v2", v2(0x21, 0x11, kIpv4 + std::string(4096 - 16 - 12, 'x')), "192.0.2.1 4711"},
};

std::string client_of(const basehttp::ProxyHeader& header) {
    return header.client ? header.client->text() + ' ' + std::to_string(header.client->port) : "own";
}

// Whole, with bytes of the client behind it, and each part of it too little.
BOOST_DATA_TEST_CASE(good, boost::unit_test::data::make(kGood)) {
    for (const std::string behind : {"", "GET / HTTP/1.1\r\n", "\n", "PROXY "}) {
        const auto header = parse_proxy_header(sample.bytes + behind);
        BOOST_TEST_REQUIRE((header && *header));
        BOOST_TEST((*header)->size == sample.bytes.size());
        BOOST_TEST(client_of(**header) == sample.client);
    }
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
        const auto part = parse_proxy_header(std::string_view(sample.bytes).substr(0, size));
        BOOST_TEST((part && !*part), "after " << size << " bytes");
    }
}

struct BadRow {
    std::string bytes;
    std::string says;
    friend std::ostream& operator<<(std::ostream& out, const BadRow& row) { return out << row.bytes.substr(0, 60); }
};

const std::string kMalformed = "a malformed PROXY header";
const std::string kAbsent = "something other than a PROXY header";
const std::string kUnsupported = "a PROXY header of an unknown version, command or family";
const std::string kTooShort = "a PROXY header that is too short for its addresses";
const std::string kTooLong = "a PROXY header that is too long";

const std::vector<BadRow> kBad{
    {"GET / HTTP/1.1\r\n", kAbsent},
    {"P0", kAbsent},
    {"proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n", kAbsent},
    {" PROXY TCP4", kAbsent},
    {"PROXY\tTCP4", kAbsent},
    {"\n", kAbsent},
    {"\r\n\r\nGET", kAbsent},
    {"\x16\x03\x01", kAbsent},
    {"\0"s, kAbsent},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", kMalformed},
    {"PROXY \n", kMalformed},
    {"PROXY \r\n", kMalformed},
    {"PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n", kMalformed},
    {"PROXY UNKNOWNS\r\n", kMalformed},
    {"PROXY TCP4\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", kMalformed},
    {"PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 1 -2\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n", kMalformed},
    {"PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n"s, kMalformed},
    {"PROXY TCP4 ::1 ::1 1 2\r\n", kMalformed},
    {"PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", kMalformed},
    {"PROXY TCP4 \xff\xfe 192.0.2.2 1 2\r\n", kMalformed},
    {"PROXY UNKNOWN " + std::string(92, 'x') + "\r\n", kTooLong},
    {"PROXY " + std::string(101, 'x'), kTooLong},
    {kSignature + '\x11', kUnsupported},
    {kSignature + '\x22', kUnsupported},
    {kSignature + '\0', kUnsupported},
    {v2(0x21, 0x12, kIpv4), kUnsupported},
    {v2(0x21, 0x22, kIpv6), kUnsupported},
    {v2(0x21, 0x41, kIpv6), kUnsupported},
    {v2(0x21, 0x01, kIpv6), kUnsupported},
    {v2(0x21, 0x11, kIpv4.substr(1)), kTooShort},
    {v2(0x21, 0x21, kIpv6.substr(1)), kTooShort},
    {v2(0x21, 0x21, kIpv4), kTooShort},
    {v2(0x21, 0x31, std::string(215, 'a')), kTooShort},
    {v2(0x21, 0x11, kIpv4 + std::string(4096 - 16 - 12 + 1, 'x')), kTooLong},
    {kSignature + "\x21\x11\xff\xff"s, kTooLong},
};

BOOST_DATA_TEST_CASE(bad, boost::unit_test::data::make(kBad)) {
    const auto header = parse_proxy_header(sample.bytes);
    BOOST_TEST_REQUIRE(!header);
    BOOST_TEST(basehttp::describe(header.error()) == sample.says);
}

}  // namespace
