#include "basehttp/protocol/target.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/protocol_rows.h"

using namespace basehttp;
using namespace std::literals;
using Form = Target::Form;

BOOST_TEST_DONT_PRINT_LOG_VALUE(basehttp::Target::Form)

namespace {

struct Accepted {
    std::string_view name, raw, path, query = {};
    bool has_query = false;
    bool escaped_slash = false;
};

constexpr Accepted kOriginForms[] = {
    {"root", "/", "/"},
    {"plain", "/a/b.html", "/a/b.html"},
    {"query", "/a?b=c", "/a", "b=c", true},
    {"empty query", "/a?", "/a", "", true},
    {"second question mark", "/a?b?c", "/a", "b?c", true},
    {"query is not decoded", "/?%2e%00%zz/../", "/", "%2e%00%zz/../", true},
    {"slash and dots in the query", "/a?/../..", "/a", "/../..", true},
    {"escape", "/a%20b", "/a b"},
    {"escape, lower case", "/%c3%a9", "/\xc3\xa9"},
    {"escape, upper case", "/%C3%A9", "/\xc3\xa9"},
    {"escape at the end", "/%41", "/A"},
    {"first byte after NUL", "/%01", "/\x01"},
    {"low digit alone is 0", "/%10", "/\x10"},
    {"last byte", "/%ff", "/\xff"},
    {"decoded once", "/%2541", "/%41"},
    {"decoded once, dots", "/%252e%252e/a", "/%2e%2e/a"},
    {"decoded question mark", "/a%3Fb", "/a?b"},
    {"decoded number sign", "/a%23b", "/a#b"},
    {"escaped slash", "/a%2fb", "/a/b", {}, false, true},
    {"escaped slash, upper case", "/a%2Fb", "/a/b", {}, false, true},
    {"escaped slash at the end", "/a%2f", "/a/", {}, false, true},
    {"escaped slash makes an empty segment", "/a/%2fb", "/a/b", {}, false, true},
    {"plus stays", "/a+b", "/a+b"},
    {"obs-text", "/\xc3\xa9", "/\xc3\xa9"},
    {"backslash is a byte like others", "/a\\b", "/a\\b"},
    {"escaped backslash", "/..%5c..%5ca", "/..\\..\\a"},
    {"semicolon", "/a;b=1/c", "/a;b=1/c"},
    {"colon", "/http://x/", "/http:/x/"},
    {"dot", "/./a", "/a"},
    {"dot at the end", "/a/.", "/a/"},
    {"dots", "/a/../b", "/b"},
    {"dots at the end", "/a/b/..", "/a/"},
    {"dots and a slash at the end", "/a/b/../", "/a/"},
    {"dots to the root", "/a/..", "/"},
    {"dots to the root and down", "/a/b/../../c", "/c"},
    {"escaped dots", "/a/%2e%2e/b", "/b"},
    {"half escaped dots", "/a/.%2E/b", "/b"},
    {"escaped dot", "/%2e/a", "/a"},
    {"escaped slash and dots", "/a%2f..%2fb", "/b", {}, false, true},
    {"three dots are a name", "/.../a", "/.../a"},
    {"a name that starts with a dot", "/.hidden", "/.hidden"},
    {"a name that starts with two dots", "/..a/b", "/..a/b"},
    {"a name that ends with dots", "/a../b", "/a../b"},
    {"dot alone", "/.", "/"},
    {"doubled slash", "/a//b", "/a/b"},
    {"doubled slash at the start", "//example.org/a", "/example.org/a"},
    {"many slashes", "////", "/"},
    {"many slashes at the end", "/a///", "/a/"},
    {"dots do not count empty segments", "/a//../b", "/b"},
    {"long way up and down", "/a/b/c/../../../d/./e//f/..", "/d/e/"},
};

struct Refused {
    std::string_view name, raw;
    Refusal refusal = Refusal::bad_target;
    std::string_view method = "GET";
};

constexpr Refused kRefused[] = {
    {"empty", ""},
    {"fragment", "/a#b"},
    {"fragment alone", "#"},
    {"fragment after a query", "/a?b#c"},
    {"space", "/a b"},
    {"tab", "/a\tb"},
    {"NUL", "/a\0b"sv},
    {"DEL", "/\x7f"},
    {"no slash", "a/b"},
    {"backslash first", "\\a"},
    {"escaped slash first", "%2fa"},
    {"question mark first", "?a"},
    {"asterisk without OPTIONS", "*"},
    {"asterisk and more", "*a", Refusal::bad_target, "OPTIONS"},
    {"authority without CONNECT", "example.org:80"},
    {"connect in lower case", "example.org:80", Refusal::bad_target, "connect"},
    {"other scheme", "ftp://example.org/"},
    {"scheme alone", "http:"},
    {"scheme and one slash", "http:/a"},
    {"no scheme", "://example.org/"},
    {"space in the scheme", "http ://example.org/"},
    {"absolute form without authority", "http:///a"},
    {"absolute form with nothing", "http://"},
    {"absolute form, query without authority", "http://?a"},
    {"escaped NUL", "/a%00", Refusal::bad_escape},
    {"escape cut after %", "/a%", Refusal::bad_escape},
    {"escape cut after a digit", "/a%4", Refusal::bad_escape},
    {"escape cut by the query", "/a%4?1", Refusal::bad_escape},
    {"escape cut, its digits lie behind the target", "/a%41"sv.substr(0, 3), Refusal::bad_escape},
    {"escape cut, its second digit lies behind the target", "/a%41"sv.substr(0, 4), Refusal::bad_escape},
    {"first digit bad", "/%g0", Refusal::bad_escape},
    {"second digit bad", "/%0g", Refusal::bad_escape},
    {"digits cancel each other", "/%g1", Refusal::bad_escape},
    {"sign in an escape", "/%+1", Refusal::bad_escape},
    {"doubled %", "/%%41", Refusal::bad_escape},
    {"wide escape", "/%u002f", Refusal::bad_escape},
    {"above the root", "/..", Refusal::path_above_root},
    {"above the root and down", "/../a", Refusal::path_above_root},
    {"above the root later", "/a/../../b", Refusal::path_above_root},
    {"above the root, escaped", "/%2e%2e/a", Refusal::path_above_root},
    {"above the root, escaped slash", "/..%2fa", Refusal::path_above_root},
    {"above the root past empty segments", "//../a", Refusal::path_above_root},
    {"above the root past dots", "/./../a", Refusal::path_above_root},
    {"above the root in the absolute form", "http://h/../a", Refusal::path_above_root},
};

}  // namespace

BOOST_AUTO_TEST_CASE(origin_form) {
    Target target;
    for (const Accepted& row : kOriginForms) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST_REQUIRE(parse_target(row.raw, "GET", target).has_value());
            BOOST_TEST((target.form == Form::origin));
            BOOST_TEST(target.raw == row.raw);
            BOOST_TEST(target.path == row.path);
            BOOST_TEST(target.query == row.query);
            BOOST_TEST(target.has_query == row.has_query);
            BOOST_TEST(target.escaped_slash == row.escaped_slash);
            BOOST_TEST(target.raw_path == row.raw.substr(0, row.raw.find('?')));
            BOOST_TEST(target.authority.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(refused_targets) {
    Target target;
    for (const Refused& row : kRefused) {
        BOOST_TEST_CONTEXT(row.name) {
            const auto parsed = parse_target(row.raw, row.method, target);
            BOOST_TEST_REQUIRE(!parsed.has_value());
            BOOST_TEST(parsed.error() == row.refusal);
            BOOST_TEST(target.raw == row.raw);
        }
    }
}

BOOST_AUTO_TEST_CASE(absolute_form_rfc_9112_3_2_2) {
    struct Row {
        std::string_view raw, authority, path, query;
    };
    Target target;
    for (const auto& [raw, authority, path, query] : {
             Row{"http://example.org/a?b", "example.org", "/a", "b"},
             Row{"HTTP://example.org/", "example.org", "/", ""},
             Row{"https://example.org:8443/a", "example.org:8443", "/a", ""},
             Row{"http://example.org", "example.org", "/", ""},
             Row{"http://example.org?a=b", "example.org", "/", "a=b"},
             Row{"http://example.org/?", "example.org", "/", ""},
             Row{"http://[::1]:80/a", "[::1]:80", "/a", ""},
             Row{"http://user@example.org/", "user@example.org", "/", ""},  // refused later, by decide_host()
             Row{"http://h/a/../b%41", "h", "/bA", ""},
             Row{"http://h//a", "h", "/a", ""},
         }) {
        BOOST_TEST_CONTEXT(raw) {
            BOOST_TEST_REQUIRE(parse_target(raw, "GET", target).has_value());
            BOOST_TEST((target.form == Form::absolute));
            BOOST_TEST(target.authority == authority);
            BOOST_TEST(target.path == path);
            BOOST_TEST(target.query == query);
            BOOST_TEST(target.has_query == (raw.find('?') != std::string_view::npos));
        }
    }
}

BOOST_AUTO_TEST_CASE(authority_and_asterisk_form) {
    Target target;
    BOOST_TEST_REQUIRE(parse_target("example.org:443", "CONNECT", target).has_value());
    BOOST_TEST((target.form == Form::authority));
    BOOST_TEST(target.authority == "example.org:443");
    BOOST_TEST(target.path.empty());
    BOOST_TEST_REQUIRE(parse_target("*", "OPTIONS", target).has_value());
    BOOST_TEST((target.form == Form::asterisk));
    BOOST_TEST(target.path.empty());
    BOOST_TEST(target.authority.empty());
}

BOOST_AUTO_TEST_CASE(a_target_forgets_the_one_before) {
    Target target;
    BOOST_TEST_REQUIRE(parse_target("http://h/a%2fb?c", "GET", target).has_value());
    BOOST_TEST_REQUIRE(parse_target("/d", "GET", target).has_value());
    BOOST_TEST((target.form == Form::origin));
    BOOST_TEST(target.authority.empty());
    BOOST_TEST(target.query.empty());
    BOOST_TEST(!target.has_query);
    BOOST_TEST(!target.escaped_slash);
    BOOST_TEST(target.path == "/d");
    target.clear();
    BOOST_TEST(target.path.empty());
    BOOST_TEST(target.raw.empty());
}

BOOST_AUTO_TEST_CASE(paths_are_escaped_for_a_location) {
    struct Row {
        std::string_view path, escaped;
    };
    for (const auto& [path, escaped] : {
             Row{"/", "/"},
             Row{"/a/b.html", "/a/b.html"},
             Row{"/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@"},
             Row{"/a b", "/a%20b"},
             Row{"/100%", "/100%25"},
             Row{"/a?b#c", "/a%3Fb%23c"},
             Row{"/\"<>\\^`{|}", "/%22%3C%3E%5C%5E%60%7B%7C%7D"},
             Row{"/\xc3\xa9\x7f", "/%C3%A9%7F"},
             Row{"/a\r\nb: c", "/a%0D%0Ab:%20c"},
             Row{"//example.org/", "/example.org/"},
             Row{"////a//b", "/a//b"},
             Row{"/azAZ09[]", "/azAZ09%5B%5D"},
             Row{"/@`", "/@%60"},
         }) {
        std::string out = "before ";
        append_escaped_path(out, path);
        BOOST_TEST(out == "before " + std::string(escaped));
    }
}
