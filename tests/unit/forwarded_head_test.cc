#include "basehttp/upstream/forwarded_head.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/protocol_rows.h"

using namespace basehttp;

namespace {

constexpr std::string_view kEnd =
    "Via: 1.1 basehttpd\r\n"
    "Forwarded: for=192.0.2.7;host=\"a\";proto=http\r\n"
    "X-Forwarded-For: 192.0.2.7\r\n"
    "X-Forwarded-Host: a\r\n"
    "X-Forwarded-Proto: http\r\n";

std::string forwarded(const Request& request, BodyFraming content = {}, std::string_view client = "192.0.2.7") {
    std::string head;
    append_forwarded_head(head,
                          {request, content, ClientAddress::parse(client).value_or(ClientAddress()), request.host});
    return head;
}

struct LineRow {
    std::string_view name, line, forwarded;
};

constexpr LineRow kLines[] = {
    {"a path", "GET /a/b HTTP/1.1", "GET /a/b HTTP/1.1"},
    {"a query as it came", "GET /a?b=%41&c HTTP/1.1", "GET /a?b=%41&c HTTP/1.1"},
    {"an empty query", "GET /a? HTTP/1.1", "GET /a? HTTP/1.1"},
    {"another method", "PROPFIND / HTTP/1.1", "PROPFIND / HTTP/1.1"},
    {"dot segments", "GET /a/../b/./c HTTP/1.1", "GET /b/c HTTP/1.1"},
    {"escapes that need not be", "GET /%61%2f%2e%2e/b HTTP/1.1", "GET /b HTTP/1.1"},
    {"escapes that must be", "GET /a%20b%0d%0aX:%20y HTTP/1.1", "GET /a%20b%0D%0AX:%20y HTTP/1.1"},
    {"a question mark in the path", "GET /a%3fb HTTP/1.1", "GET /a%3Fb HTTP/1.1"},
    {"the absolute form", "GET http://a/b HTTP/1.1", "GET /b HTTP/1.1"},
    {"slashes at the start", "GET //evil/ HTTP/1.1", "GET /evil/ HTTP/1.1"},
};

struct FieldRow {
    std::string_view name, fields, forwarded;
};

constexpr FieldRow kFields[] = {
    {"an ordinary one", "Cookie: a=b\r\n", "Cookie: a=b\r\n"},
    {"white space", "A:  \t b  \r\n", "A: b\r\n"},
    {"twice the same", "A: b\r\nA: c\r\n", "A: b\r\nA: c\r\n"},
    {"another server's Via", "Via: 1.0 x\r\n", "Via: 1.0 x\r\n"},
    {"of the connection",
     "Connection: close\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: x\r\nProxy-Connection: x\r\n", ""},
    {"named by Connection", "Connection: A, b\r\nA: 1\r\nB: 2\r\nC: 3\r\n", "C: 3\r\n"},
    {"only this server's to say",
     "Forwarded: for=x\r\nX-Forwarded-For: x\r\nx-forwarded-proto: https\r\nX-Forwarded-Host: x\r\n"
     "X-Forwarded-Port: 1\r\nX-Real-IP: x\r\n",
     ""},
    {"what a program takes for these", "X_Forwarded_For: x\r\nX-Forwarded_Host: x\r\nX_real_ip: x\r\n", ""},
    {"another one with an underscore", "X_Other: x\r\n", "X_Other: x\r\n"},
    {"httpoxy", "Proxy: x\r\n", ""},
    {"answered here", "Expect: 100-continue\r\n", ""},
};

}  // namespace

BOOST_AUTO_TEST_CASE(request_lines) {
    for (const LineRow& row : kLines) {
        BOOST_TEST_CONTEXT(row.name) {
            const ParsedRequest parsed(row.line, "Host: a\r\n");
            const std::string head = forwarded(parsed.request);
            BOOST_TEST(head.substr(0, head.find("\r\n")) == row.forwarded);
        }
    }
}

BOOST_AUTO_TEST_CASE(fields) {
    for (const FieldRow& row : kFields) {
        BOOST_TEST_CONTEXT(row.name) {
            const ParsedRequest parsed("GET / HTTP/1.1", "Host: a\r\n" + std::string(row.fields));
            BOOST_TEST(forwarded(parsed.request) ==
                       "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(row.forwarded) + std::string(kEnd) + "\r\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(framings) {
    const ParsedRequest parsed("POST / HTTP/1.1", "Host: a\r\nContent-Length: 0\r\n");
    const ParsedRequest unsaid("POST / HTTP/1.1", "Host: a\r\n");
    const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(kEnd);
    using Kind = BodyFraming::Kind;
    BOOST_TEST(forwarded(parsed.request) == start + "Content-Length: 0\r\n\r\n");
    BOOST_TEST(forwarded(unsaid.request) == start + "\r\n");
    BOOST_TEST(forwarded(parsed.request, {Kind::length, 7}) == start + "Content-Length: 7\r\n\r\n");
    BOOST_TEST(forwarded(parsed.request, {Kind::chunked}) == start + "Transfer-Encoding: chunked\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(clients) {
    const ParsedRequest parsed("GET / HTTP/1.0");
    BOOST_TEST(forwarded(parsed.request, {}, "2001:db8::1") ==
               "GET / HTTP/1.1\r\nHost: \r\nVia: 1.0 basehttpd\r\nForwarded: for=\"[2001:db8::1]\";proto=http\r\n"
               "X-Forwarded-For: 2001:db8::1\r\nX-Forwarded-Proto: http\r\n\r\n");
    BOOST_TEST(forwarded(parsed.request, {}, "") ==
               "GET / HTTP/1.1\r\nHost: \r\nVia: 1.0 basehttpd\r\nForwarded: for=unknown;proto=http\r\n"
               "X-Forwarded-Proto: http\r\n\r\n");
}
