// Requests that are not served: each gets a whole HTTP/1.1 answer that says why, is logged, and ends the connection.
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/wire/transcript.h"

namespace {

using wire::all;
using wire::Arrival;
using wire::ended;
using wire::error;
using wire::error_line;
using wire::error_record;
using wire::open;
using wire::Row;

constexpr const char* kClose = "Connection: close\r\n";

basehttp::Limits small() {
    basehttp::Limits limits;
    limits.request_line = 20;
    limits.header_bytes = 40;
    limits.header_fields = 2;
    return limits;
}

Row refused(std::string name, std::deque<Arrival> arrivals, std::string line, int status, std::string message,
            basehttp::Limits limits = {}) {
    return {std::move(name),
            std::move(arrivals),
            error(status, message, "", kClose),
            {error_record(line, status, message)},
            {error_line(line, status, message)},
            limits};
}

constexpr const char* kBadLine =
    "Bad request line: it takes a method, a target and a version with one space between them";
constexpr const char* kCut = "Bad request: it ended within its head";
constexpr const char* kLate = "Request timeout: its head did not arrive in time";

const std::vector<Row> kRows{
    refused("one word", all("GET\r\n"), "GET", 400, kBadLine),
    refused("four words", all("GET / HTTP/1.1 x\r\n"), "GET / HTTP/1.1 x", 400, kBadLine),
    refused("a bad version", all("GET / HTTP/x\r\n"), "GET / HTTP/x", 400,
            "Bad request version: it must look like HTTP/1.1"),
    refused("version 2", all("GET / HTTP/2.0\r\n"), "GET / HTTP/2.0", 505,
            "HTTP version not supported: this is HTTP/1.0 and HTTP/1.1"),
    refused("0.9 knows GET alone", all("POST /\r\n"), "POST /", 400,
            "Bad HTTP/0.9 request: only GET goes without a version"),
    refused("a control byte", all("GET /\x01 HTTP/1.1\r\n"), "GET /\x01 HTTP/1.1", 400,
            "Bad request line: it holds a control byte"),
    refused("no Host", all("GET / HTTP/1.1\r\n\r\n"), "GET / HTTP/1.1", 400, "Host is missing: HTTP/1.1 needs it"),
    refused("above the root", all("GET /../x HTTP/1.1\r\nHost: h\r\n\r\n"), "GET /../x HTTP/1.1", 400,
            "Bad request target: its dot segments lead above the root"),
    refused("both framings",
            all("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            "POST / HTTP/1.1", 400, "Content-Length and Transfer-Encoding exclude each other"),
    refused("an unknown coding", all("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"),
            "POST / HTTP/1.1", 501, "Transfer coding not supported: only chunked is"),
    refused("an unknown expectation", all("POST / HTTP/1.1\r\nHost: h\r\nExpect: spam\r\n\r\n"), "POST / HTTP/1.1",
            417, "Expectation not supported: only 100-continue is"),
    refused("a request line as long as it may be, and its field lines too many",
            all("GET /5678 HTTP/1.123\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n"), "GET /5678 HTTP/1.123", 431,
            "Too many field lines", small()),
    refused("field lines too large", all("GET / HTTP/1.1\r\nA: " + std::string(60, 'x') + "\r\n\r\n"),
            "GET / HTTP/1.1", 431, "Field lines too large", small()),
    ended("client_left", refused("cut short", all("GET / HTTP/1.1\r\nHos"), "GET / HTTP/1.1", 400, kCut)),
    ended("client_left", refused("cut short in the request line", all("GET / HT"), "GET / HT", 400, kCut)),
    refused("what a strict site does not take: lone LFs", all("GET / HTTP/1.1\nHost: strict.example\r\n\r\n"),
            "GET / HTTP/1.1", 400, "Bad head: a line that ends without CR"),
    refused("what a strict site does not take: spaces", all("GET  / HTTP/1.1\r\nHost: strict.example\r\n\r\n"),
            "GET  / HTTP/1.1", 400, kBadLine),
    refused("what a strict site does not take: HTTP/0.9", all("GET http://strict.example/\r\n"),
            "GET http://strict.example/", 400,
            "Bad request line: the version is missing, and HTTP/0.9 is not served here"),
    ended("timed_out", refused("late", open("GET / HTTP/1.1\r\nHost: h\r\n"), "GET / HTTP/1.1", 408, kLate)),
    ended("timed_out", refused("late in the request line", open("GE"), "GE", 408, kLate)),
    ended("timed_out", refused("late after blank lines", open("\r\n\r\nG"), "G", 408, kLate)),
};

BOOST_DATA_TEST_CASE(transcript, kRows) {
    wire::check(sample);
}

wire::Outcome serve(std::deque<Arrival> arrivals, basehttp::Limits limits = {}) {
    wire::Server server(limits);
    wire::ScriptedStream stream(std::move(arrivals));
    return server.serve(stream);
}

// What is logged of a request line that never ended depends on how much of it came.
BOOST_AUTO_TEST_CASE(refusals_in_mid_line) {
    const std::string tls{"\x16\x03\x01\x02\x00\x01\x00", 7};
    struct {
        std::string input;
        int status;
        std::string message;
    } rows[]{
        {tls, 400, "Bad method: it is not a token"},
        {" GET / HTTP/1.1\r\n", 400, "Bad method: it is not a token"},
        {"GET /" + std::string(40, 'x') + " HTTP/1.1\r\n", 414, "Request line too long"},
        {"GET /" + std::string(40, 'x'), 414, "Request line too long"},
        {"\r\n\r\n\r\n\r\n\r\n\r\n", 400, "Bad request: too many empty lines before the request line"},
    };
    for (const auto& row : rows) {
        for (const auto& arrivals : {all(row.input), wire::byte_by_byte(all(row.input))}) {
            const auto outcome = serve(arrivals, small());
            BOOST_TEST(outcome.output == error(row.status, row.message, "", kClose));
            BOOST_TEST(outcome.records.size() == 1U);
            BOOST_TEST(outcome.called("shutdown"));
        }
    }
}

// A head that outgrows the first buffer is moved; what was seen of it stays known.
BOOST_AUTO_TEST_CASE(a_large_head_that_never_ends) {
    for (const std::size_t size : {8150U, 8192U, 8193U, 9000U, 16'384U, 20'000U}) {
        std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
        head.resize(size, 'x');
        const auto late = serve(open(head));
        BOOST_TEST(late.output == error(408, kLate, "", kClose), "late at " << size);
        BOOST_TEST(late.records[0].starts_with("GET / HTTP/1.1|408|"));
        const auto cut = serve(all(head));
        BOOST_TEST(cut.output == error(400, kCut, "", kClose), "cut at " << size);
    }
}

BOOST_AUTO_TEST_CASE(a_large_head_is_served) {
    for (const std::size_t size : {8000U, 8192U, 16'384U, 30'000U}) {
        std::string head = "GET /hello HTTP/1.1\r\nHost: h\r\nX: ";
        head.resize(size - 4, 'x');
        head += "\r\n\r\n";
        for (const auto& arrivals : {all(head + head), wire::byte_by_byte(all(head + head))})
            BOOST_TEST(serve(arrivals).output == wire::text("hello") + wire::text("hello"), size);
    }
}

// The deadline counts from the head's first byte, not from its last.
BOOST_AUTO_TEST_CASE(a_slow_head_has_one_deadline) {
    const auto outcome = serve(wire::byte_by_byte(open("GET / HTTP/1.1\r\nHost: h\r\n")));
    BOOST_TEST(std::ranges::count(outcome.calls, "deadline 10000") == 2);  // for the first byte, and from there on
}

}  // namespace
