#include "basehttp/io/address_range.h"

#include <ostream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::AddressRange;
using basehttp::ClientAddress;

struct Row {
    const char* range;
    const char* address;
    bool within;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) {
        return out << row.address << " in " << row.range;
    }
};

const Row kRows[]{
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "192.0.2.2", false},
    {"192.0.2.0/24", "192.0.2.255", true},
    {"192.0.2.0/24", "192.0.3.0", false},
    {"192.0.2.128/25", "192.0.2.128", true},
    {"192.0.2.128/25", "192.0.2.127", false},
    {"192.0.2.0/31", "192.0.2.1", true},
    {"192.0.2.0/31", "192.0.2.2", false},
    {"0.0.0.0/0", "255.255.255.255", true},
    {"0.0.0.0/0", "::1", false},
    {"::/0", "::1", true},
    {"::/0", "192.0.2.1", false},
    {"::/0", "::ffff:192.0.2.1", false},
    {"192.0.2.0/24", "::ffff:192.0.2.1", true},
    {"::ffff:192.0.2.0/120", "192.0.2.1", true},
    {"::ffff:192.0.2.0/120", "192.0.3.1", false},
    {"2001:db8::/32", "2001:db8:1:2:3:4:5:6", true},
    {"2001:db8::/32", "2001:db9::", false},
    {"2001:db8::/33", "2001:db8:7fff::", true},
    {"2001:db8::/33", "2001:db8:8000::", false},
    {"::1", "::1", true},
    {"::1", "::2", false},
};

BOOST_DATA_TEST_CASE(contains, boost::unit_test::data::make(kRows)) {
    const auto range = AddressRange::parse(sample.range);
    const auto address = ClientAddress::parse(sample.address);
    BOOST_TEST_REQUIRE(range.has_value());
    BOOST_TEST_REQUIRE(address.has_value());
    BOOST_TEST(range->contains(*address) == sample.within);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_in_no_range) {
    BOOST_TEST(!AddressRange::parse("0.0.0.0/0")->contains(ClientAddress{}));
    BOOST_TEST(!AddressRange::parse("::/0")->contains(ClientAddress{}));
}

BOOST_AUTO_TEST_CASE(what_is_no_range) {
    for (const char* text : {"", "a", "1.2.3", "1.2.3.4.5", "1.2.3.4:80", "[::1]", "::1%eth0", "/8", " 1.2.3.4"})
        BOOST_TEST(AddressRange::parse(text).error() == "is not an address", text);
    for (const char* text : {"1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/8x", "1.2.3.4/255.0.0.0"})
        BOOST_TEST(AddressRange::parse(text).error() == "has a prefix whose length is not 0 to 32", text);
    for (const char* text : {"::1/129", "::1/"})
        BOOST_TEST(AddressRange::parse(text).error() == "has a prefix whose length is not 0 to 128", text);
    BOOST_TEST(AddressRange::parse("::ffff:1.2.3.4/95").error() == "has a prefix whose length is not 96 to 128");
}

BOOST_AUTO_TEST_CASE(ranges_as_text) {
    for (const char* text : {"192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "::1"})
        BOOST_TEST(AddressRange::parse(text)->text() == text);
    BOOST_TEST(AddressRange::parse("192.0.2.1/32")->text() == "192.0.2.1");
    BOOST_TEST(AddressRange::parse("::ffff:192.0.2.0/120")->text() == "192.0.2.0/24");
    BOOST_TEST(AddressRange::parse("10.1.2.3/8")->first().text() == "10.0.0.0");
}

}  // namespace
