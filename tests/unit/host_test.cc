#include "basehttp/protocol/host.h"

#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/protocol_rows.h"

using namespace basehttp;
using namespace std::literals;

BOOST_AUTO_TEST_CASE(hosts_and_ports) {
    for (const auto text : {
             "example.org"sv,
             "example.org:80"sv,
             "EXAMPLE.org."sv,
             "localhost"sv,
             "a"sv,
             "127.0.0.1"sv,
             "127.0.0.1:8080"sv,
             "host:"sv,
             "host:0"sv,
             "host:65535"sv,
             "host:00080"sv,
             "a_b-c~d"sv,
             "a!$&'()*+,;=b"sv,
             "%41%c3%A9"sv,
             "[::]"sv,
             "[::1]"sv,
             "[::1]:80"sv,
             "[::1]:"sv,
             "[1:2:3:4:5:6:7:8]"sv,
             "[2001:DB8::ff]"sv,
             "[1::8]"sv,
             "[1:2:3:4:5:6:7::]"sv,
             "[::2:3:4:5:6:7:8]"sv,
             "[::ffff:192.0.2.1]"sv,
             "[1:2:3:4:5:6:192.0.2.255]"sv,
         }) {
        BOOST_TEST(is_host_and_port(text), text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_host) {
    for (const auto text : {
             ""sv,
             ":"sv,
             ":80"sv,
             "a b"sv,
             "a/b"sv,
             "a\\b"sv,
             "user@host"sv,
             "a?b"sv,
             "a#b"sv,
             "<a>"sv,
             "a\"b"sv,
             "a\0b"sv,
             "caf\xc3\xa9"sv,
             "a|b"sv,
             "a^b"sv,
             "a{b}"sv,
             "@"sv,
             "`"sv,
             "host:80a"sv,
             "host:-1"sv,
             "host:+1"sv,
             "host: 80"sv,
             "host:80:80"sv,
             "host:65536"sv,
             "host:99999"sv,
             "host:123456"sv,
             "host:000080"sv,
             "%"sv,
             "%4"sv,
             "a%zzb"sv,
             "a%4gb"sv,
             "a%41"sv.substr(0, 3),
             "::1"sv,
             "["sv,
             "]"sv,
             "[]"sv,
             "[:80"sv,
             "[::1"sv,
             "::1]"sv,
             "[::1]80"sv,
             "[::1]a"sv,
             "[::1]:a"sv,
             "[::1]:65536"sv,
             "[:]"sv,
             "[:::]"sv,
             "[1]"sv,
             "[127.0.0.1]"sv,
             "[1:2:3:4:5:6:7]"sv,
             "[1:2:3:4:5:6:7:8:9]"sv,
             "[1:2:3:4:5:6:7:8::]"sv,
             "[1::2::3]"sv,
             "[::12345]"sv,
             "[::g]"sv,
             "[1:2:3:4:5:6:7:]"sv,
             "[:2:3:4:5:6:7:8]"sv,
             "[::1.2.3]"sv,
             "[::1.2.3.4.5]"sv,
             "[::256.1.1.1]"sv,
             "[::1.2.3.]"sv,
             "[1.2.3.4::]"sv,
             "[fe80::1%25eth0]"sv,
             "[v1.a:b]"sv,
             "[::1.2.3.4:5]"sv,
             "[1:2:3:4:5:6:7:1.2.3.4]"sv,
             "[::1]]"sv,
             "[[::1]]"sv,
             "x[::1]"sv,
             "[::01.2.3.4]"sv,
         }) {
        BOOST_TEST(!is_host_and_port(text), text);
    }
}

BOOST_AUTO_TEST_CASE(the_name_without_the_port) {
    BOOST_TEST(host_without_port("example.org:80") == "example.org");
    BOOST_TEST(host_without_port("example.org:") == "example.org");
    BOOST_TEST(host_without_port("example.org") == "example.org");
    BOOST_TEST(host_without_port("[::1]:80") == "[::1]");
    BOOST_TEST(host_without_port("[::1]") == "[::1]");
    BOOST_TEST(host_without_port("").empty());
}

namespace {

// Made by hand: the parser calls decide_host() itself and would refuse these heads.
std::expected<std::string, Refusal> host_of(std::string_view method, std::string_view target, Version version,
                                            const std::vector<std::string_view>& hosts) {
    Request request;
    request.version = version;
    if (auto parsed = parse_target(target, method, request.target); !parsed) return std::unexpected(parsed.error());
    request.fields.add("Accept", "*/*");
    for (const auto host : hosts)
        request.fields.add("hOST", host);
    if (auto decided = decide_host(request); !decided) return std::unexpected(decided.error());
    return std::string(request.host);
}

struct Row {
    std::string_view name, method, target;
    Version version;
    std::vector<std::string_view> hosts;
    std::expected<std::string_view, Refusal> host;
};

}  // namespace

BOOST_AUTO_TEST_CASE(which_host_is_asked_for) {
    const auto refused = [](Refusal refusal) { return std::unexpected(refusal); };
    const Row rows[] = {
        {"given", "GET", "/", kHttp11, {"a:80"}, "a:80"},
        {"missing in 1.1", "GET", "/", kHttp11, {}, refused(Refusal::host_missing)},
        {"missing in 1.2", "GET", "/", {1, 2}, {}, refused(Refusal::host_missing)},
        {"missing in 1.0", "GET", "/", kHttp10, {}, ""},
        {"missing in 0.9", "GET", "/", kHttp09, {}, ""},
        {"given in 1.0", "GET", "/", kHttp10, {"a"}, "a"},
        {"twice", "GET", "/", kHttp11, {"a", "b"}, refused(Refusal::host_repeated)},
        {"twice the same", "GET", "/", kHttp11, {"a", "a"}, refused(Refusal::host_repeated)},
        {"twice in 1.0", "GET", "/", kHttp10, {"a", "a"}, refused(Refusal::host_repeated)},
        {"second one empty", "GET", "/", kHttp11, {"a", ""}, refused(Refusal::host_repeated)},
        {"empty", "GET", "/", kHttp11, {""}, ""},
        {"invalid", "GET", "/", kHttp11, {"a b"}, refused(Refusal::bad_host)},
        {"invalid in 1.0", "GET", "/", kHttp10, {"a/b"}, refused(Refusal::bad_host)},
        {"list", "GET", "/", kHttp11, {"a, b"}, refused(Refusal::bad_host)},
        {"absolute form wins", "GET", "http://b:8080/", kHttp11, {"a"}, "b:8080"},
        {"absolute form wins over an empty Host", "GET", "http://b/", kHttp11, {""}, "b"},
        {"absolute form excuses no missing Host", "GET", "http://b/", kHttp11, {}, refused(Refusal::host_missing)},
        {"absolute form excuses no bad Host", "GET", "http://b/", kHttp11, {"@"}, refused(Refusal::bad_host)},
        {"absolute form excuses no second Host",
         "GET",
         "http://b/",
         kHttp11,
         {"b", "b"},
         refused(Refusal::host_repeated)},
        {"absolute form in 1.0", "GET", "http://b/", kHttp10, {}, "b"},
        {"absolute form with user", "GET", "http://u@b/", kHttp11, {"b"}, refused(Refusal::bad_host)},
        {"absolute form with user and password", "GET", "http://u:p@b/", kHttp11, {"b"}, refused(Refusal::bad_host)},
        {"absolute form with a port alone", "GET", "http://:80/", kHttp11, {"b"}, refused(Refusal::bad_host)},
        {"absolute form with a backslash", "GET", "http://a\\b/", kHttp11, {"b"}, refused(Refusal::bad_host)},
        {"absolute form with a bad port", "GET", "http://a:x/", kHttp11, {"b"}, refused(Refusal::bad_host)},
        {"CONNECT", "CONNECT", "b:443", kHttp11, {"a"}, "b:443"},
        {"CONNECT to IPv6", "CONNECT", "[::1]:443", kHttp11, {"a"}, "[::1]:443"},
        {"CONNECT to nobody", "CONNECT", ":443", kHttp11, {"a"}, refused(Refusal::bad_host)},
        {"CONNECT to a path", "CONNECT", "/a", kHttp11, {"a"}, refused(Refusal::bad_host)},
        {"CONNECT without a port", "CONNECT", "b", kHttp11, {"a"}, refused(Refusal::bad_host)},
        {"CONNECT with an empty port", "CONNECT", "b:", kHttp11, {"a"}, refused(Refusal::bad_host)},
        {"OPTIONS *", "OPTIONS", "*", kHttp11, {"a"}, "a"},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            const auto host = host_of(row.method, row.target, row.version, row.hosts);
            BOOST_TEST_REQUIRE(host.has_value() == row.host.has_value());
            if (host) {
                BOOST_TEST(*host == *row.host);
            } else {
                BOOST_TEST(host.error() == row.host.error());
            }
        }
    }
}
