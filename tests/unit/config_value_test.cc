#include "daemon/config/config_value.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using std::chrono::milliseconds;

struct SizeRow {
    std::string text;
    std::uint64_t bytes;
};

const std::vector<SizeRow> kSizes{{"0", 0},
                                  {"1", 1},
                                  {"8192", 8192},
                                  {"8K", 8192},
                                  {"32M", 32ULL << 20},
                                  {"1G", 1ULL << 30},
                                  {"8k", 8192},
                                  {"10m", 10ULL << 20},
                                  {"8589934591G", 8589934591ULL << 30}};

struct RejectedRow {
    std::string text;
    std::string message;
    std::string hint;
};

constexpr const char* kNoSize = "not a size: bytes, or a number with K, M or G";
constexpr const char* kNoDuration = "not a duration: a number with ms, s, m or h";

const std::vector<RejectedRow> kNoSizes{
    {"", kNoSize, ""},
    {"K", kNoSize, ""},
    {"-1", "negative", ""},
    {"+1", kNoSize, ""},
    {"007", "a number that begins with a zero", "write 7"},
    {"00", "a number that begins with a zero", "write 0"},
    {"1.5K", kNoSize, "write 1536"},
    {"1.5M", kNoSize, "write 1536K"},
    {"1e6", kNoSize, "write 1000000"},
    {"1e999", kNoSize, ""},
    {"8 K", kNoSize, "write 8K"},
    {"10 MB", kNoSize, "write 10M"},
    {"0x10", kNoSize, ""},
    {"8T", kNoSize, "write 8192G"},
    {"8KB", kNoSize, "write 8K"},
    {"1mib", kNoSize, "write 1M"},
    {"1 000", kNoSize, ""},
    {"1.0001K", kNoSize, ""},
    {"unlimited", "not a number", "where a limit can be switched off, 0 does it; basehttpd.yaml(5) says where"},
    {"8589934592G", "too large", ""},
    {"99999999999999999999", "too large", ""}};

struct DurationRow {
    std::string text;
    milliseconds duration;
};

const std::vector<DurationRow> kDurations{{"0", milliseconds(0)},          {"250ms", milliseconds(250)},
                                          {"10s", milliseconds(10'000)},   {"5m", milliseconds(300'000)},
                                          {"1h", milliseconds(3'600'000)}, {"0s", milliseconds(0)}};

const std::vector<RejectedRow> kNoDurations{
    {"", kNoDuration, ""},
    {"s", kNoDuration, ""},
    {"10 s", kNoDuration, "write 10s"},
    {"10 seconds", kNoDuration, "write 10s"},
    {"5min", kNoDuration, "write 5m"},
    {"1h30m", kNoDuration, "write 90m"},
    {"-1s", "negative", ""},
    {"010s", "a number that begins with a zero", "write 10s"},
    {"99999999999999999999s", "too large", ""},
    {"30d", kNoDuration, "write 720h"},
    {"1.5s", kNoDuration, "write 1500ms"},
    {"10", "a number without its unit", "write 10s for seconds, 10ms for milliseconds"},
    {"9223372036854775807h", "too large", ""}};

struct ListenRow {
    std::string text;
    ListenAddress address;
};

using Kind = ListenAddress::Kind;

const std::vector<ListenRow> kAddresses{{"0.0.0.0:80", {Kind::ip4, "0.0.0.0", 80}},
                                        {"127.0.0.1:65535", {Kind::ip4, "127.0.0.1", 65535}},
                                        {"[::]:80", {Kind::ip6, "::", 80}},
                                        {"[0:0::1]:1", {Kind::ip6, "::1", 1}},
                                        {"[fe80::1%eth0]:80", {Kind::ip6, "fe80::1%eth0", 80}},
                                        {"LocalHost:8080", {Kind::name, "localhost", 8080}},
                                        {"www.example.org:80", {Kind::name, "www.example.org", 80}},
                                        {"unix:/run/a.sock", {Kind::unix_path, "/run/a.sock", 0}}};

const std::string kLongPath = "/" + std::string(107, 'a');

const std::vector<RejectedRow> kNoAddresses{
    {"", "an address without a port", "write :80"},
    {"80", "a port without a host", "write 0.0.0.0:80 for IPv4, \"[::]:80\" for IPv6"},
    {":80", "not an address", "write 0.0.0.0:80 for IPv4, \"[::]:80\" for IPv6"},
    {"*:80", "not an address", "write 0.0.0.0:80 for IPv4, \"[::]:80\" for IPv6"},
    {"localhost", "an address without a port", "write localhost:80"},
    {"[::]", "an address without a port", "write \"[::]:80\""},
    {"[::]80", "an address without a port", "write \"[::]:80\""},
    {"[::", "not an address: its ']' is missing", "write \"[::]:80\""},
    {"[1.2.3.4]:80", "not an address: the text in brackets is not an IPv6 address", ""},
    {"[::%]:80", "not an address: the text in brackets is not an IPv6 address", ""},
    {"::1:80", "not an address: write IPv6 in brackets", "write \"[::1]:80\""},
    {"a:0", "not an address: its port must be a number from 1 to 65535, not '0'", ""},
    {"a:65536", "not an address: its port must be a number from 1 to 65535, not '65536'", ""},
    {"a:http", "not an address: its port must be a number from 1 to 65535, not 'http'", ""},
    {"a:", "not an address: its port must be a number from 1 to 65535, not ''", ""},
    {"1.2.3:80", "not an address: '1.2.3' is neither an IPv4 address nor a host name", ""},
    {"256.0.0.1:80", "not an address: '256.0.0.1' is neither an IPv4 address nor a host name", ""},
    {"a..b:80", "not an address: 'a..b' is neither an IPv4 address nor a host name", ""},
    {"-a:80", "not an address: '-a' is neither an IPv4 address nor a host name", ""},
    {"a:080", "not an address: its port must be a number from 1 to 65535, not '080'", ""},
    {"http://0.0.0.0:80/", "a URL, not an address", "write 0.0.0.0:80"},
    {"http://a", "a URL, not an address", "write HOST:PORT"},
    {"0.0.0.0:80 default_server", "an address and more", "leave out what follows the port: write 0.0.0.0:80"},
    {"[::]:443 ssl", "an address and more", "basehttpd has no TLS; leave out what follows the port"},
    {"a:80,b:81", "more than one address", "write [\"a:80\", \"b:81\"]"},
    {"8080:80", "not an address: it has two ports and no host", "write 0.0.0.0:8080"},
    {"80/tcp", "not an address", "write 0.0.0.0:80"},
    {"/run/a.sock", "a path", "write unix:/run/a.sock for a socket"},
    {"unix:a.sock", "not an address: the path of a socket is absolute", "write unix:/path"},
    {"unix:" + kLongPath, "too long for a socket: its path has 108 bytes, 107 are possible", ""}};

struct HostRow {
    std::string text;
    std::string host;
};

const std::vector<HostRow> kHosts{{"example.org", "example.org"},
                                  {"EXAMPLE.org", "example.org"},
                                  {"*.Example.org", "*.example.org"},
                                  {"localhost", "localhost"},
                                  {"10.0.0.1", "10.0.0.1"},
                                  {"[0:0::1]", "[::1]"},
                                  {"xn--bcher-kva.example", "xn--bcher-kva.example"},
                                  {"a_b.c", "a_b.c"}};

constexpr const char* kNoHost = "not a host";

const std::vector<RejectedRow> kNoHosts{
    {"a b", "more than one host", "write [\"a\", \"b\"]"},
    {"a, b", "more than one host", "write [\"a\", \"b\"]"},
    {"a;", kNoHost, "write \"a\""},
    {"-a", kNoHost, "letters, digits, '-' and '.' make a host name"},
    {"", kNoHost, "letters, digits, '-' and '.' make a host name"},
    {"a..b", kNoHost, "letters, digits, '-' and '.' make a host name"},
    {"a.", kNoHost, "leave out the '.' at its end: write a"},
    {std::string(64, 'a'), kNoHost, "letters, digits, '-' and '.' make a host name"},
    {"a.*", "not a host: '*' must be alone or the whole first part", "like \"*.example.org\""},
    {"*a.b", "not a host: '*' must be alone or the whole first part", "like \"*.example.org\""},
    {"http://a", "a URL, not a host", "write the name alone"},
    {"a:80", "not a host: a port belongs to 'listen'", "write the name alone"},
    {"::1", "not a host: write IPv6 in brackets", "write \"[::1]\""},
    {"b\xC3\xBC"
     "cher.example",
     "not a host as browsers send it", "write its ASCII form, which begins with xn--"}};

// Checks that `parse` refuses every row in its words.
template <typename Parse>
void check_rejected(const std::vector<RejectedRow>& rows, Parse parse) {
    for (const RejectedRow& row : rows) {
        BOOST_TEST_CONTEXT("the text '" << row.text << "'") {
            const auto result = parse(row.text);
            BOOST_TEST_REQUIRE(!result.has_value());
            BOOST_TEST(result.error().message == row.message);
            BOOST_TEST(result.error().hint == row.hint);
        }
    }
}

BOOST_AUTO_TEST_CASE(sizes) {
    for (const SizeRow& row : kSizes) {
        BOOST_TEST_CONTEXT("the text '" << row.text << "'") {
            const auto size = parse_size(row.text);
            BOOST_TEST_REQUIRE(size.has_value());
            BOOST_TEST(*size == row.bytes);
            BOOST_TEST(parse_size(format_size(*size)).value() == row.bytes);
        }
    }
    check_rejected(kNoSizes, parse_size);
    BOOST_TEST(format_size(8192) == "8K");
    BOOST_TEST(format_size(8193) == "8193");
}

BOOST_AUTO_TEST_CASE(durations) {
    for (const DurationRow& row : kDurations) {
        BOOST_TEST_CONTEXT("the text '" << row.text << "'") {
            const auto duration = parse_duration(row.text);
            BOOST_TEST_REQUIRE(duration.has_value());
            BOOST_TEST(duration->count() == row.duration.count());
            BOOST_TEST(parse_duration(format_duration(*duration)).value().count() == row.duration.count());
        }
    }
    check_rejected(kNoDurations, parse_duration);
    BOOST_TEST(format_duration(milliseconds(60'000)) == "1m");
    BOOST_TEST(format_duration(milliseconds(90'000)) == "90s");
}

BOOST_AUTO_TEST_CASE(counts_and_switches) {
    BOOST_TEST(parse_count("18446744073709551615").value() == 18446744073709551615ULL);
    check_rejected({{"", "not a whole number", ""},
                    {"1x", "not a whole number", ""},
                    {"-1", "negative", ""},
                    {"0644", "a number that begins with a zero", "write 644"},
                    {"4.0", "not a whole number", "write 4"},
                    {"10k", "not a whole number", "write 10000"},
                    {"18446744073709551616", "too large", ""}},
                   parse_count);
    for (const char* text : {"true", "yes", "on", "True", "YES", "On"})
        BOOST_TEST(parse_switch(text).value());
    for (const char* text : {"false", "no", "off", "FALSE", "No"})
        BOOST_TEST(!parse_switch(text).value());
    check_rejected({{"1", "neither true nor false", "write true"},
                    {"disabled", "neither true nor false", "write false"},
                    {"True ", "neither true nor false", ""}},
                   parse_switch);
}

BOOST_AUTO_TEST_CASE(listen_addresses) {
    for (const ListenRow& row : kAddresses) {
        BOOST_TEST_CONTEXT("the text '" << row.text << "'") {
            const auto address = parse_listen_address(row.text);
            BOOST_TEST_REQUIRE(address.has_value());
            BOOST_TEST((*address == row.address));
        }
    }
    check_rejected(kNoAddresses, parse_listen_address);
}

BOOST_AUTO_TEST_CASE(hosts) {
    for (const HostRow& row : kHosts) {
        BOOST_TEST_CONTEXT("the text '" << row.text << "'") {
            const auto host = parse_host(row.text);
            BOOST_TEST_REQUIRE(host.has_value());
            BOOST_TEST(*host == row.host);
        }
    }
    check_rejected(kNoHosts, parse_host);
}

}  // namespace
}  // namespace basehttpd
