#include "daemon/logger/address_mask.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

struct Row {
    std::string text;
    std::string masked;
};

const Row kRows[]{
    {"", ""},
    {"-", "-"},
    {"192.0.2.77", "192.0.2.0"},
    {"192.0.2.77, 198.51.100.9", "192.0.2.0, 198.51.100.0"},
    {"192.0.2.77:4711", "192.0.2.0"},
    {"2001:db8:1:2:3:4:5:6", "2001:db8:1::"},
    {"[2001:db8:1:2::6]", "[2001:db8:1::]"},
    {"[2001:db8:1:2::6]:4711, x", "[2001:db8:1::], x"},
    {"2001:DB8:1:2::6", "2001:db8:1::"},
    {"::1", "::"},
    {"::ffff:192.0.2.77", "::ffff:192.0.2.0"},
    {"for=192.0.2.60;proto=http;by=203.0.113.43", "for=192.0.2.0;proto=http;by=203.0.113.0"},
    {"for=\"[2001:db8:cafe::17]:4711\";host=a.example", "for=\"[2001:db8:cafe::]\";host=a.example"},
    {"fe80::1:2:3:4%eth0", "fe80::%eth0"},
    {"client: 192.0.2.77.", "client: 192.0.2.0."},
    {":192.0.2.77:", ":192.0.2.0:"},
    {"unknown, _hidden", "unknown, _hidden"},
    {"Mozilla/5.0 (X11; Linux; rv:109.0) Firefox/115.0", "Mozilla/5.0 (X11; Linux; rv:109.0) Firefox/115.0"},
    {"12:34:56.789", "12:34:56.789"},
    {"1.2.3.4.5", "1.2.3.4.5"},
    {"192.0.2.777", "192.0.2.777"},
    {"...:::...", "...:::..."},
    {"deadbeef", "deadbeef"},
    {std::string(10'000, ':'), std::string(10'000, ':')},
    {std::string("a\0b 192.0.2.77", 14), std::string("a\0b 192.0.2.0", 13)},
};

BOOST_AUTO_TEST_CASE(texts) {
    const AddressMask mask({24, 48});
    for (const Row& row : kRows)
        BOOST_TEST(mask.masked(std::string_view(row.text)) == row.masked);
}

BOOST_AUTO_TEST_CASE(records) {
    AddressMask mask({24, 48});
    basehttp::AccessRecord record;
    record.client.family = basehttp::ClientAddress::Family::ipv4;
    record.client.port = 4711;
    record.client.bytes = {192, 0, 2, 77};
    record.peer = record.client;
    record.peer.bytes[2] = 3;
    record.local = record.client;
    record.request_line = "GET /192.0.2.77 HTTP/1.1";
    std::string captured;
    basehttp::Captured::append(captured, basehttp::CaptureKind::request_field, "X-Forwarded-For", "198.51.100.9");
    basehttp::Captured::append(captured, basehttp::CaptureKind::cookie, "id", "spam");
    record.captured = basehttp::Captured::of(captured);
    for (int round = 0; round < 2; ++round) {
        const basehttp::AccessRecord& masked = mask.masked(record);
        BOOST_TEST(masked.client.text() == "192.0.2.0");
        BOOST_TEST(masked.client.port == 0);
        BOOST_TEST(masked.peer.text() == "192.0.3.0");
        BOOST_TEST(masked.local.text() == "192.0.2.77");
        BOOST_TEST(masked.request_line == record.request_line);
        BOOST_TEST(*masked.captured.find(basehttp::CaptureKind::request_field, "x-forwarded-for") == "198.51.100.0");
        BOOST_TEST(*masked.captured.find(basehttp::CaptureKind::cookie, "id") == "spam");
    }
}

}  // namespace
}  // namespace basehttpd
