#include "basehttp/server/trusted_proxies.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::AddressRange;
using basehttp::ClientAddress;
using basehttp::Fields;
using basehttp::ForwardingFields;
using basehttp::TrustedProxies;

constexpr ForwardingFields kAddressAlone{};
constexpr ForwardingFields kAll{.x_forwarded_for = true, .x_forwarded_proto = true, .x_forwarded_host = true};
constexpr ForwardingFields kForwarded{.x_forwarded_for = false, .forwarded = true};

using Lines = std::vector<std::pair<std::string, std::string>>;

struct Row {
    std::string name;
    ForwardingFields read;
    std::string peer;  // empty: a unix socket
    Lines fields;
    std::string client;
    std::string scheme{};
    std::string host{};
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

// 10.0.0.0/8 and 2001:db8:a::/48 are trusted.
const std::vector<Row> kRows{
    {"no fields", kAll, "10.0.0.1", {}, "10.0.0.1:9"},
    {"one hop", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}, "192.0.2.1:0"},
    {"a name in another case", kAddressAlone, "10.0.0.1", {{"x-forwarded-FOR", "192.0.2.1"}}, "192.0.2.1:0"},
    {"a peer that is not trusted",
     kAll,
     "192.0.2.9",
     {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Host", "a"}, {"X-Forwarded-Proto", "https"}},
     "192.0.2.9:9"},
    {"a peer that is not trusted, Forwarded",
     kForwarded,
     "192.0.2.9",
     {{"Forwarded", "for=192.0.2.1;host=a;proto=https"}},
     "192.0.2.9:9"},
    {"with a port", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.1:4711"}}, "192.0.2.1:4711"},
    {"IPv6", kAddressAlone, "2001:db8:a::1", {{"X-Forwarded-For", "2001:db8::1"}}, "2001:db8::1:0"},
    {"IPv6 in brackets", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:80"}}, "2001:db8::1:80"},
    {"IPv4 in IPv6", kAddressAlone, "::ffff:10.0.0.1", {{"X-Forwarded-For", "::ffff:192.0.2.1"}}, "192.0.2.1:0"},
    {"what a client made up",
     kAddressAlone,
     "10.0.0.1",
     {{"X-Forwarded-For", "127.0.0.1, 192.0.2.1"}},
     "192.0.2.1:0"},
    {"made up with trusted addresses",
     kAddressAlone,
     "10.0.0.1",
     {{"X-Forwarded-For", "198.51.100.1, 10.0.0.3, 192.0.2.1, 10.0.0.2"}},
     "192.0.2.1:0"},
    {"all are trusted", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}, "10.0.0.3:0"},
    {"several lines",
     kAddressAlone,
     "10.0.0.1",
     {{"X-Forwarded-For", "198.51.100.1"},
      {"A", "b"},
      {"X-Forwarded-For", "192.0.2.1"},
      {"X-Forwarded-For", "10.0.0.2"}},
     "192.0.2.1:0"},
    {"empty members",
     kAddressAlone,
     "10.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1, ,,"}, {"X-Forwarded-For", ""}},
     "192.0.2.1:0"},
    {"unknown", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, unknown, 10.0.0.2"}}, "10.0.0.2:0"},
    {"a name", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, localhost"}}, "10.0.0.1:9"},
    {"bytes that are no text", kAddressAlone, "10.0.0.1", {{"X-Forwarded-For", "\xff\xfe\x80"}}, "10.0.0.1:9"},
    {"a quote that is left open",
     kAddressAlone,
     "10.0.0.1",
     {{"X-Forwarded-For", "\"10.0.0.1, 192.0.2.1"}},
     "192.0.2.1:0"},
    {"fields that are not to be read",
     kAddressAlone,
     "10.0.0.1",
     {{"Forwarded", "for=198.51.100.1;host=a;proto=https"},
      {"X-Forwarded-Host", "b"},
      {"X-Forwarded-Proto", "https"},
      {"X-Forwarded-For", "192.0.2.1"}},
     "192.0.2.1:0"},
    {"scheme and host",
     kAll,
     "10.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "HTTPS"}, {"X-Forwarded-Host", "a.example:81"}},
     "192.0.2.1:0",
     "https",
     "a.example:81"},
    {"the last scheme and host",
     kAll,
     "10.0.0.1",
     {{"X-Forwarded-Proto", "https, http"}, {"X-Forwarded-Host", "a.example"}, {"X-Forwarded-Host", "b.example"}},
     "10.0.0.1:9",
     "http",
     "b.example"},
    {"what is no scheme and no host",
     kAll,
     "10.0.0.1",
     {{"X-Forwarded-Proto", "gopher"}, {"X-Forwarded-Host", "a/b"}},
     "10.0.0.1:9"},
    {"Forwarded",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=192.0.2.1;proto=https;host=a.example"}},
     "192.0.2.1:0",
     "https",
     "a.example"},
    {"Forwarded through two",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=\"[2001:db8::1]:80\";proto=https;host=a.example, for=10.0.0.2;proto=http;host=inner"}},
     "2001:db8::1:80",
     "https",
     "a.example"},
    {"Forwarded, the outer one says less",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=192.0.2.1"}, {"Forwarded", "for=10.0.0.2;proto=http;host=\"inner:80\""}},
     "192.0.2.1:0",
     "http",
     "inner:80"},
    {"Forwarded, made up",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=127.0.0.1;host=evil;proto=https, for=192.0.2.1;host=a.example"}},
     "192.0.2.1:0",
     "",
     "a.example"},
    {"Forwarded, a quote that is left open",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=\"10.0.0.9, for=192.0.2.1;host=a.example"}},
     "192.0.2.1:0",
     "",
     "a.example"},
    {"Forwarded, a hop that hides",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=198.51.100.1, for=_hidden;host=a.example, for=10.0.0.2"}},
     "10.0.0.2:0",
     "",
     "a.example"},
    {"Forwarded, a hop twice in an element",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "for=192.0.2.1;for=10.1.1.1"}},
     "10.0.0.1:9"},
    {"Forwarded, a hop without an address",
     kForwarded,
     "10.0.0.1",
     {{"Forwarded", "proto=https"}},
     "10.0.0.1:9",
     "https"},
    {"X-Forwarded-For where Forwarded is read",
     kForwarded,
     "10.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Host", "b"}},
     "10.0.0.1:9"},
    {"a unix socket that is not trusted", kAll, "", {{"X-Forwarded-For", "192.0.2.1"}}, "unix::9"},
};

TrustedProxies proxies(const ForwardingFields& fields) {
    return {.networks = {AddressRange::parse("10.0.0.0/8").value(), AddressRange::parse("2001:db8:a::/48").value()},
            .fields = fields};
}

ClientAddress peer_of(const std::string& text) {
    ClientAddress peer = text.empty() ? ClientAddress{} : ClientAddress::parse(text).value();
    peer.port = 9;
    return peer;
}

Fields fields_of(const Lines& lines) {
    Fields fields;
    for (const auto& [name, value] : lines)
        fields.add(name, value);
    return fields;
}

std::string text_of(const ClientAddress& address) {
    return address.text() + ':' + std::to_string(address.port);
}

BOOST_DATA_TEST_CASE(forwarding, boost::unit_test::data::make(kRows)) {
    const auto told = proxies(sample.read).forwarding(peer_of(sample.peer), fields_of(sample.fields));
    BOOST_TEST(text_of(told.client) == sample.client);
    BOOST_TEST(told.scheme == sample.scheme);
    BOOST_TEST(told.host == sample.host);
}

BOOST_AUTO_TEST_CASE(unix_sockets) {
    const TrustedProxies trusting{.unix_sockets = true, .fields = kAddressAlone};
    const Lines lines{{"X-Forwarded-For", "192.0.2.1"}};
    const auto fields = fields_of(lines);
    BOOST_TEST(text_of(trusting.forwarding({}, fields).client) == "192.0.2.1:0");
    BOOST_TEST(text_of(trusting.forwarding(peer_of("10.0.0.1"), fields).client) == "10.0.0.1:9");
    BOOST_TEST(!trusting.empty());
    BOOST_TEST(TrustedProxies().empty());
}

BOOST_AUTO_TEST_CASE(thousands_of_hops) {
    std::string hops = "192.0.2.1";
    for (int i = 0; i < 100'000; ++i)
        hops += ", 10.0.0." + std::to_string(i % 250);
    const Lines lines{{"X-Forwarded-For", "203.0.113.1"}, {"X-Forwarded-For", hops}};
    const auto fields = fields_of(lines);
    BOOST_TEST(text_of(proxies(kAddressAlone).forwarding(peer_of("10.0.0.1"), fields).client) == "192.0.2.1:0");
}

}  // namespace
