#include "basehttp/protocol/request_parser.h"

#include <span>

#include <boost/test/unit_test.hpp>

#include "tests/unit/head_feeding.h"

using namespace basehttp;
using namespace std::literals;

namespace {

enum class On : std::uint8_t { first, later };

struct Accepted {
    std::string_view name, head, request;
    std::string_view rest = {};
    Strictness strictness = Strictness::standard;
    On on = On::first;
};

constexpr Accepted kAccepted[] = {
    {"the usual", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a 1.1 h|Host=h"},
    {"tabs between the words, seed",
     "GET\t/a \t HTTP/1.1\t\r\nHost: h\r\n\r\n",
     "GET /a 1.1 h|Host=h",
     {},
     Strictness::seed},
    {"brackets of an IPv6 host, strict",
     "GET http://[::1]/a HTTP/1.1\r\nHost: h\r\n\r\n",
     "GET /a 1.1 [::1]|Host=h",
     {},
     Strictness::strict},
    {"raw obs-text", "GET /\xc3\xa9|? HTTP/1.0\r\n\r\n", "GET /\xc3\xa9|? 1.0 "},
    {"the usual, strict", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a 1.1 h|Host=h", {}, Strictness::strict},
    {"later on the connection", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / 1.1 h|Host=h", {}, {}, On::later},
    {"no fields in 1.0", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 "},
    {"a body follows", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n", "POST / 1.0 |Content-Length=2", "ab"},
    {"another request follows", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 ", "GET /b HTTP/1.0\r\n\r\n"},
    {"a line end follows", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 ", "\r\n"},
    {"query", "GET /a?b=c HTTP/1.0\r\n\r\n", "GET /a?b=c 1.0 "},
    {"decoded path", "GET /a/../%62 HTTP/1.0\r\n\r\n", "GET /b 1.0 "},
    // Methods are case-sensitive tokens (RFC 9110, 9.1); nobody has to know them here.
    {"extension method", "SPAM / HTTP/1.0\r\n\r\n", "SPAM / 1.0 "},
    {"lower-case method", "get / HTTP/1.0\r\n\r\n", "get / 1.0 "},
    {"odd method", "M-SEARCH!#$%&'*+.^_`|~9 / HTTP/1.0\r\n\r\n", "M-SEARCH!#$%&'*+.^_`|~9 / 1.0 "},
    {"long method", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.0\r\n\r\n",
     "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ / 1.0 "},
    {"absolute form", "GET http://b/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a 1.1 b|Host=h"},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS  1.1 h|Host=h"},
    {"authority form", "CONNECT b:443 HTTP/1.1\r\nHost: h\r\n\r\n", "CONNECT  1.1 b:443|Host=h"},
    // Versions are numbers.
    {"1.2 is read as 1.x", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", "GET / 1.2 h|Host=h"},
    {"1.10 is more than 1.9", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", "GET / 1.10 h|Host=h"},
    {"1.01 is 1.1", "GET / HTTP/1.01\r\nHost: h\r\n\r\n", "GET / 1.1 h|Host=h"},
    {"01.1 is 1.1", "GET / HTTP/01.1\r\nHost: h\r\n\r\n", "GET / 1.1 h|Host=h"},
    {"001.000 is 1.0", "GET / HTTP/001.000\r\n\r\n", "GET / 1.0 "},
    // The seed's leniencies.
    {"spaces", "GET   /   HTTP/1.0\r\n\r\n", "GET / 1.0 "},
    {"space at the end", "GET / HTTP/1.0 \r\n\r\n", "GET / 1.0 "},
    {"spaces at the end", "GET / HTTP/1.0   \r\n\r\n", "GET / 1.0 "},
    {"lone LF", "GET / HTTP/1.1\nHost: h\nA: b\n\n", "GET / 1.1 h|Host=h|A=b"},
    {"lone LF here and there", "GET / HTTP/1.1\nHost: h\r\nA: b\n\r\n", "GET / 1.1 h|Host=h|A=b", "\nX"},
    {"lone LF ends the head", "GET / HTTP/1.1\r\nHost: h\r\n\n", "GET / 1.1 h|Host=h", "\r\n"},
    {"empty line first", "\r\nGET / HTTP/1.0\r\n\r\n", "GET / 1.0 "},
    {"empty lines first", "\r\n\n\r\n\nGET / HTTP/1.0\r\n\r\n", "GET / 1.0 "},
    {"empty line first, strict", "\r\nGET / HTTP/1.0\r\n\r\n", "GET / 1.0 ", {}, Strictness::strict},
    {"leniencies in seed", "\nGET  /  HTTP/1.1 \nHost: h\n\n", "GET / 1.1 h|Host=h", {}, Strictness::seed},
    // HTTP/0.9
    {"simple request", "GET /a\r\n", "GET /a 0.9 "},
    {"simple request in seed", "GET /a\r\n", "GET /a 0.9 ", {}, Strictness::seed},
    {"simple request, lone LF", "GET /a\n", "GET /a 0.9 "},
    {"simple request, spaces", "GET   /a  \r\n", "GET /a 0.9 "},
    {"simple request, query", "GET /a?b\r\n", "GET /a?b 0.9 "},
    {"simple request after an empty line", "\r\nGET /a\r\n", "GET /a 0.9 "},
    {"simple request has no fields", "GET /a\r\n", "GET /a 0.9 ", "Host: h\r\n\r\n"},
    {"simple request, absolute form", "GET http://b/a\r\n", "GET /a 0.9 b"},
    // Fields (RFC 9110, 5.5; RFC 9112, 5)
    {"no white space", "GET / HTTP/1.0\r\nA:b\r\n\r\n", "GET / 1.0 |A=b"},
    {"white space around", "GET / HTTP/1.0\r\nA: \t b \t\r\n\r\n", "GET / 1.0 |A=b"},
    {"white space inside", "GET / HTTP/1.0\r\nA: b \t c\r\n\r\n", "GET / 1.0 |A=b \t c"},
    {"empty value", "GET / HTTP/1.0\r\nA:\r\nB: \t\r\n\r\n", "GET / 1.0 |A=|B="},
    {"colons in the value", "GET / HTTP/1.0\r\nA: b:c :d\r\n\r\n", "GET / 1.0 |A=b:c :d"},
    {"colon first in the value", "GET / HTTP/1.0\r\nA::\r\n\r\n", "GET / 1.0 |A=:"},
    {"obs-text", "GET / HTTP/1.0\r\nA: \x80\xff\r\n\r\n", "GET / 1.0 |A=\x80\xff"},
    {"odd name", "GET / HTTP/1.0\r\n!#$%&'*+-.^_`|~09azAZ: b\r\n\r\n", "GET / 1.0 |!#$%&'*+-.^_`|~09azAZ=b"},
    {"a name many times, in order", "GET / HTTP/1.0\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\n", "GET / 1.0 |A=1|B=2|a=3"},
    {"lists stay as they are", "GET / HTTP/1.0\r\nA: b, \"c,d\",,e\r\n\r\n", "GET / 1.0 |A=b, \"c,d\",,e"},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / 1.1 |Host="},
    {"Host with a port", "GET / HTTP/1.1\r\nhOST:\th:80 \r\n\r\n", "GET / 1.1 h:80|hOST=h:80"},
};

struct Refused {
    std::string_view name, head;
    Refusal refusal;
    Strictness strictness = Strictness::standard;
    On on = On::first;
};

constexpr Refused kRefusedLines[] = {
    {"one word", "GET\r\n", Refusal::bad_request_line},
    {"one word and a space", "GET \r\n", Refusal::bad_request_line},
    {"four words", "GET / a HTTP/1.1\r\n", Refusal::bad_request_line},
    {"five words", "GET / HTTP/1.1 a b\r\n", Refusal::bad_request_line},
    {"version for a target", "GET  HTTP/1.1\r\n", Refusal::bad_request_line},
    {"version for a target, one space", "GET HTTP/1.1\r\n", Refusal::bad_request_line},
    {"leading space", " GET / HTTP/1.1\r\n", Refusal::bad_method},
    {"leading tab", "\tGET / HTTP/1.1\r\n", Refusal::bad_method},
    {"spaces alone", "   \r\n", Refusal::bad_method},
    {"leading VT", "\vGET / HTTP/1.1\r\n", Refusal::bad_method},
    {"leading NUL", "\0GET / HTTP/1.1\r\n"sv, Refusal::bad_method},
    {"TLS", "\x16\x03\x01\x02", Refusal::bad_method},
    {"leading CR", "\rGET / HTTP/1.1\r\n", Refusal::bare_carriage_return},
    {"two CRs", "\r\r\n", Refusal::bare_carriage_return},
    {"two CRs after an empty line", "\r\n\r\rGET", Refusal::bare_carriage_return},
    {"field line first", "Host: h\r\n", Refusal::bad_method},
    {"slash in the method", "GET/ / HTTP/1.1\r\n", Refusal::bad_method},
    {"obs-text in the method", "G\xc3\x89T / HTTP/1.1\r\n", Refusal::bad_method},
    {"quoted method", "\"GET\" / HTTP/1.1\r\n", Refusal::bad_method},
    {"tab for a space", "GET\t/ HTTP/1.1\r\n", Refusal::bad_method},
    {"tabs for spaces", "GET\t/\tHTTP/1.1\r\n", Refusal::bad_method},
    {"tab before the version", "GET /\tHTTP/1.1\r\n", Refusal::bad_target},
    {"tab after the version", "GET / HTTP/1.1\t\r\n", Refusal::bad_version},
    {"VT for a space", "GET\v/ HTTP/1.1\r\n", Refusal::control_byte},
    {"FF for a space", "GET /\fHTTP/1.1\r\n", Refusal::control_byte},
    {"NUL in the target", "GET /\0 HTTP/1.1\r\n"sv, Refusal::control_byte},
    {"DEL in the target", "GET /\x7f HTTP/1.1\r\n", Refusal::control_byte},
    {"CR for a space", "GET\r/ HTTP/1.1\r\n", Refusal::bare_carriage_return},
    {"CR in the target", "GET /a\rb HTTP/1.1\r\n", Refusal::bare_carriage_return},
    {"two CRs at the end", "GET / HTTP/1.1\r\r\n", Refusal::bare_carriage_return},
    {"CR and a field", "GET / HTTP/1.1\rHost: h\r\n\r\n", Refusal::bare_carriage_return},
    // The seed asks for HTTP/ and two numbers.
    {"no protocol", "GET / 1.1\r\n", Refusal::bad_version},
    {"other protocol", "GET / FTP/1.1\r\n", Refusal::bad_version},
    {"lower case", "GET / http/1.1\r\n", Refusal::bad_version},
    {"mixed case", "GET / Http/1.1\r\n", Refusal::bad_version},
    {"name alone", "GET / HTTP\r\n", Refusal::bad_version},
    {"no numbers", "GET / HTTP/\r\n", Refusal::bad_version},
    {"one number", "GET / HTTP/1\r\n", Refusal::bad_version},
    {"dot alone", "GET / HTTP/.\r\n", Refusal::bad_version},
    {"no minor", "GET / HTTP/1.\r\n", Refusal::bad_version},
    {"no major", "GET / HTTP/.1\r\n", Refusal::bad_version},
    {"three numbers", "GET / HTTP/1.1.1\r\n", Refusal::bad_version},
    {"two dots", "GET / HTTP/1..1\r\n", Refusal::bad_version},
    {"plus", "GET / HTTP/+1.1\r\n", Refusal::bad_version},
    {"minus", "GET / HTTP/1.-1\r\n", Refusal::bad_version},
    {"underscore, which int() takes", "GET / HTTP/1_0.1\r\n", Refusal::bad_version},
    {"L, which int() takes", "GET / HTTP/1.1L\r\n", Refusal::bad_version},
    {"hexadecimal", "GET / HTTP/0x1.1\r\n", Refusal::bad_version},
    {"letter", "GET / HTTP/1.a\r\n", Refusal::bad_version},
    {"comma", "GET / HTTP/1,1\r\n", Refusal::bad_version},
    {"second slash", "GET / HTTP//1.1\r\n", Refusal::bad_version},
    {"number of ten digits", "GET / HTTP/1.0000000001\r\n", Refusal::bad_version},
    {"huge number", "GET / HTTP/99999999999999999999.1\r\n", Refusal::bad_version},
    {"2.0", "GET / HTTP/2.0\r\n", Refusal::version_not_supported},
    {"2.0, the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Refusal::version_not_supported},
    {"12.3", "GET / HTTP/12.3\r\n", Refusal::version_not_supported},
    {"999999999.0", "GET / HTTP/999999999.0\r\n", Refusal::version_not_supported},
    {"0.9 with a version", "GET / HTTP/0.9\r\n", Refusal::version_not_supported},
    {"0.0", "GET / HTTP/0.0\r\n", Refusal::version_not_supported},
    {"bad target", "GET a HTTP/1.1\r\n", Refusal::bad_target},
    {"asterisk with GET", "GET * HTTP/1.1\r\n", Refusal::bad_target},
    {"fragment", "GET /a#b HTTP/1.1\r\n", Refusal::bad_target},
    {"bad escape", "GET /%zz HTTP/1.1\r\n", Refusal::bad_escape},
    {"escaped NUL", "GET /%00 HTTP/1.1\r\n", Refusal::bad_escape},
    {"above the root", "GET /../etc/passwd HTTP/1.1\r\n", Refusal::path_above_root},
    {"simple request, not GET", "POST /\r\n", Refusal::bad_simple_request},
    {"simple request, HEAD", "HEAD /\r\n", Refusal::bad_simple_request},
    {"simple request, get", "get /\r\n", Refusal::bad_simple_request},
    {"simple request, bad target", "GET a\r\n", Refusal::bad_target},
    {"simple request, bad host", "GET http://u@h/\r\n", Refusal::bad_host},
    {"simple request, strict", "GET /\r\n", Refusal::simple_request_refused, Strictness::strict},
    {"simple request, later", "GET /\r\n", Refusal::simple_request_refused, Strictness::standard, On::later},
    {"simple request, later in seed", "GET /\r\n", Refusal::simple_request_refused, Strictness::seed, On::later},
    {"too many empty lines", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n", Refusal::empty_lines},
    {"lone LF, strict", "GET / HTTP/1.1\nHost: h\r\n\r\n", Refusal::bare_line_feed, Strictness::strict},
    {"vertical tab, seed", "GET\v/ HTTP/1.1\r\n", Refusal::control_byte, Strictness::seed},
    {"form feed, seed", "GET\f/ HTTP/1.1\r\n", Refusal::control_byte, Strictness::seed},
    {"leading tab, seed", "\tGET / HTTP/1.1\r\n", Refusal::bad_method, Strictness::seed},
    {"raw obs-text in the path, strict", "GET /\xc3\xa9 HTTP/1.1\r\n", Refusal::unescaped_byte, Strictness::strict},
    {"raw bar in the path, strict", "GET /a|b HTTP/1.1\r\n", Refusal::unescaped_byte, Strictness::strict},
    {"raw quotes in the query, strict", "GET /?\"a\" HTTP/1.1\r\n", Refusal::unescaped_byte, Strictness::strict},
    {"raw brackets in the query, strict", "GET /?a[]=1 HTTP/1.1\r\n", Refusal::unescaped_byte, Strictness::strict},
    {"raw bar of the absolute form, strict", "GET http://h/| HTTP/1.1\r\n", Refusal::unescaped_byte,
     Strictness::strict},
    {"lone LF in an empty line, strict", "\nGET / HTTP/1.1\r\n", Refusal::bare_line_feed, Strictness::strict},
    {"spaces, strict", "GET  / HTTP/1.1\r\n", Refusal::bad_request_line, Strictness::strict},
    {"space at the end, strict", "GET / HTTP/1.1 \r\n", Refusal::bad_request_line, Strictness::strict},
    {"1.01, strict", "GET / HTTP/1.01\r\n", Refusal::bad_version, Strictness::strict},
    {"1.10, strict", "GET / HTTP/1.10\r\n", Refusal::bad_version, Strictness::strict},
    {"01.1, strict", "GET / HTTP/01.1\r\n", Refusal::bad_version, Strictness::strict},
};

// Each stands behind `GET / HTTP/1.1 CRLF`.
constexpr Refused kRefusedFields[] = {
    {"no colon", "Host\r\n", Refusal::bad_field_line},
    {"no name", ": h\r\n", Refusal::bad_field_line},
    {"space before the colon", "Host : h\r\n", Refusal::space_before_colon},
    {"tab before the colon", "Host\t: h\r\n", Refusal::space_before_colon},
    {"spaces before the colon", "Host  : h\r\n", Refusal::space_before_colon},
    {"VT before the colon", "Transfer-Encoding\v: chunked\r\n", Refusal::bad_field_line},
    {"space before the colon of a length", "Content-Length : 5\r\n", Refusal::space_before_colon},
    {"space in the name", "Ho st: h\r\n", Refusal::bad_field_line},
    {"request line for a field", "GET / HTTP/1.1\r\n", Refusal::bad_field_line},
    {"request line with a port for a field", "GET http://h:80/ HTTP/1.1\r\n", Refusal::bad_field_line},
    {"slash in the name", "A/B: c\r\n", Refusal::bad_field_line},
    {"obs-text in the name", "\xc3\x84: c\r\n", Refusal::bad_field_line},
    {"NUL in the name", "A\0: c\r\n"sv, Refusal::bad_field_line},
    {"CR in the name", "A\rB: c\r\n", Refusal::bad_field_line},
    {"quoted name", "\"A\": c\r\n", Refusal::bad_field_line},
    {"folded first line", " Host: h\r\n", Refusal::folded_field_line},
    {"folded with a space", "Host: h\r\n A: b\r\n", Refusal::folded_field_line},
    {"folded with a tab", "A: b\r\n\tc\r\n", Refusal::folded_field_line},
    {"folded framing", "Transfer-Encoding:\r\n chunked\r\n", Refusal::folded_field_line},
    {"white space alone", "Host: h\r\n \r\n\r\n", Refusal::folded_field_line},
    {"NUL in the value", "A: b\0c\r\n"sv, Refusal::bad_field_value},
    {"VT in the value", "Transfer-Encoding: \vchunked\r\n", Refusal::bad_field_value},
    {"FF in the value", "A: \f\r\n", Refusal::bad_field_value},
    {"ESC in the value", "A: \x1b[2J\r\n", Refusal::bad_field_value},
    {"DEL in the value", "A: \x7f\r\n", Refusal::bad_field_value},
    {"CR in the value", "A: b\rc\r\n", Refusal::bare_carriage_return},
    {"CR and a field in the value", "A: b\rTransfer-Encoding: chunked\r\n", Refusal::bare_carriage_return},
    {"two CRs at the end", "A: b\r\r\n", Refusal::bare_carriage_return},
    {"CR before an empty line", "Host: h\r\n\r\r\n", Refusal::bad_field_line},
    {"lone LF, strict", "Host: h\n\r\n", Refusal::bare_line_feed, Strictness::strict},
    {"lone LF at the end, strict", "Host: h\r\n\n", Refusal::bare_line_feed, Strictness::strict},
    {"no Host", "\r\n", Refusal::host_missing},
    {"no Host among others", "A: b\r\n\r\n", Refusal::host_missing},
    {"two Hosts", "Host: h\r\nHost: h\r\n\r\n", Refusal::host_repeated},
    {"bad Host", "Host: h/\r\n\r\n", Refusal::bad_host},
};

constexpr std::string_view kIncomplete[] = {
    "",
    "\r",
    "\r\n",
    "\r\n\r",
    "\r\n\n",
    "G",
    "GET",
    "GET ",
    "GET / HTTP/1.1",
    "GET / HTTP/1.1\r",
    "GET / HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\nHost",
    "GET / HTTP/1.1\r\nHost: h\r",
    "GET / HTTP/1.1\r\nHost: h\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n\r",
    "GET /a",
    "GET /a\r",
};

Limits with(Strictness strictness) {
    Limits limits;
    limits.strictness = strictness;
    return limits;
}

void refuse_all(std::span<const Refused> rows, std::string_view before) {
    for (const Refused& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            const std::string bytes = std::string(before) + std::string(row.head);
            feed_in_all_ways(bytes, with(row.strictness), row.on == On::first, [&](const HeadOutcome& outcome) {
                BOOST_TEST_REQUIRE(outcome.refusal.has_value());
                BOOST_TEST(*outcome.refusal == row.refusal);
                BOOST_TEST(!outcome.complete);
            });
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(accepted_heads) {
    for (const Accepted& row : kAccepted) {
        BOOST_TEST_CONTEXT(row.name) {
            const std::string bytes = std::string(row.head) + std::string(row.rest);
            feed_in_all_ways(bytes, with(row.strictness), row.on == On::first, [&](const HeadOutcome& outcome) {
                BOOST_TEST_REQUIRE(!outcome.refusal.has_value());
                BOOST_TEST(outcome.complete);
                BOOST_TEST(outcome.request == row.request);
                BOOST_TEST(outcome.size == row.head.size());
                BOOST_TEST(row.head.find(outcome.line) != row.head.npos);
            });
            const Limits limits = with(row.strictness);
            HeadFeeder growing(bytes, limits, row.on == On::first);
            std::size_t size = 0;
            while (!growing.grow(size))
                ++size;
            BOOST_TEST(size == row.head.size(), "it asked for " << size << " bytes");
        }
    }
}

BOOST_AUTO_TEST_CASE(refused_request_lines) {
    refuse_all(kRefusedLines, "");
}

BOOST_AUTO_TEST_CASE(refused_fields) {
    refuse_all(kRefusedFields, "GET / HTTP/1.1\r\n");
}

BOOST_AUTO_TEST_CASE(heads_that_need_more) {
    for (const std::string_view bytes : kIncomplete) {
        BOOST_TEST_CONTEXT(bytes) {
            feed_in_all_ways(bytes, with(Strictness::standard), true, [](const HeadOutcome& outcome) {
                BOOST_TEST(!outcome.refusal.has_value());
                BOOST_TEST(!outcome.complete);
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(what_strict_refuses_is_noted_where_it_is_tolerated) {
    for (const Refused& row : kRefusedLines) {
        if (row.strictness != Strictness::strict) continue;
        BOOST_TEST_CONTEXT(row.name) {
            const std::string bytes =
                std::string(row.head) + (row.head.ends_with("\r\n\r\n") ? "" : "Host: h\r\n\r\n");
            const Limits limits = with(Strictness::standard);
            RequestParser parser(limits);
            Request request;
            BOOST_TEST_REQUIRE(parser.parse(bytes, request).has_value());
            BOOST_TEST_REQUIRE(request.leniency.has_value());
            BOOST_TEST(request.leniency->refusal == row.refusal);
            BOOST_TEST((request.leniency->taken_by == Strictness::standard));
        }
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_noted_of_a_request_that_strict_takes) {
    const ParsedRequest usual("GET http://[::1]:80/a?b=%20c HTTP/1.1", "Host: h\r\n");
    BOOST_TEST(!usual.request.leniency.has_value());
}
