// When a connection stays open, when it is closed, and how the client learns of it.
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/wire/transcript.h"

namespace {

using wire::all;
using wire::Arrival;
using wire::open;
using wire::Row;
using wire::text;

constexpr const char* kClose = "Connection: close\r\n";
constexpr const char* kKept = "Connection: keep-alive\r\n";

constexpr const char* kNoSimple = "Bad request line: the version is missing, and HTTP/0.9 is not served here";

basehttp::Limits at_most_requests(std::uint64_t count) {
    basehttp::Limits limits;
    limits.requests_per_connection = count;
    return limits;
}

const std::vector<Row> kRows{
    {"1.1 persists",
     all("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("/a") + text("/b"),
     {"GET /a HTTP/1.1|200|2|complete", "GET /b HTTP/1.1|200|2|complete"}},
    {"1.1 with close",
     all("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("/a", kClose),
     {"GET /a HTTP/1.1|200|2|complete"}},
    {"close in a list, in capitals",
     all("GET /a HTTP/1.1\r\nHost: h\r\nConnection: x, CLOSE\r\n\r\nGET"),
     text("/a", kClose),
     {"GET /a HTTP/1.1|200|2|complete"}},
    {"close wins over keep-alive",
     all("GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n"),
     text("/a", kClose),
     {"GET /a HTTP/1.1|200|2|complete"}},
    {"unknown options and upgrades are ignored",
     all("GET /a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings, spam\r\nUpgrade: h2c, websocket\r\n"
         "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("/a") + text("/b"),
     {"GET /a HTTP/1.1|200|2|complete", "GET /b HTTP/1.1|200|2|complete"}},
    {"an expectation of 1.0 is ignored",
     all("GET /a HTTP/1.0\r\nExpect: spam\r\n\r\n"),
     text("/a", kClose),
     {"GET /a HTTP/1.0|200|2|complete"}},
    {"1.0 closes",
     all("GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n"),
     text("/a", kClose),
     {"GET /a HTTP/1.0|200|2|complete"}},
    {"1.0 with keep-alive is confirmed",
     all("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n"),
     text("/a", kKept) + text("/b", kClose),
     {"GET /a HTTP/1.0|200|2|complete", "GET /b HTTP/1.0|200|2|complete"}},
    {"0.9 gets content alone", all("GET /a\r\nGET /b\r\n"), "/a", {"GET /a|200|2|complete"}},
    {"0.9 with a lone LF", all("GET /hello\n"), "hello", {"GET /hello|200|5|complete"}},
    {"0.9 after another request is none",
     all("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b\r\n"),
     text("/a") + wire::error(400, kNoSimple, "", kClose),
     {"GET /a HTTP/1.1|200|2|complete", wire::error_record("GET /b", 400, kNoSimple)},
     {wire::error_line("GET /b", 400, kNoSimple)}},
    {"the handler closes with a field",
     all("GET /closes HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"),
     wire::response("200 OK", "Content-Length: 3\r\nConnection: X, close\r\n", "bye"),
     {"GET /closes HTTP/1.1|200|3|complete"}},
    {"the handler closes with a call",
     all("GET /closes-by-call HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("bye", kClose),
     {"GET /closes-by-call HTTP/1.1|200|3|complete"}},
    {"so many requests, no more",
     all("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("/a") + text("/b", kClose),
     {"GET /a HTTP/1.1|200|2|complete", "GET /b HTTP/1.1|200|2|complete"},
     {},
     at_most_requests(2)},
    {"blank lines before a request",
     all("\r\n\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("/a") + text("/b"),
     {"GET /a HTTP/1.1|200|2|complete", "GET /b HTTP/1.1|200|2|complete"}},
    {"nothing at all", {{Arrival::Kind::end}}, "", {}},
    {"a silent client", {{Arrival::Kind::silence}}, "", {}},
    {"blank lines, then the end", all("\r\n\r\n"), "", {}},
    {"blank lines, then silence", open("\r\n\r\n"), "", {}},
    {"half a blank line, then silence", open("\r"), "", {}},
    {"idle after a request",
     open("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"),
     text("/a"),
     {"GET /a HTTP/1.1|200|2|complete"}},
    {"reset after a request",
     {{Arrival::Kind::bytes, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"}, {Arrival::Kind::reset}},
     text("/a"),
     {"GET /a HTTP/1.1|200|2|complete"}},
    {"interrupted while idle",
     {{Arrival::Kind::bytes, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"}, {Arrival::Kind::interrupt}},
     text("/a"),
     {"GET /a HTTP/1.1|200|2|complete"}},
};

BOOST_DATA_TEST_CASE(transcript, kRows) {
    wire::check(sample);
}

wire::Outcome serve(std::deque<Arrival> arrivals, bool draining = false) {
    wire::Server server;
    server.context.draining = draining;
    wire::ScriptedStream stream(std::move(arrivals));
    return server.serve(stream);
}

BOOST_AUTO_TEST_CASE(each_response_of_a_draining_server_closes) {
    const auto outcome = serve(all("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"), true);
    BOOST_TEST(outcome.output == text("/a", kClose));
}

BOOST_AUTO_TEST_CASE(the_first_request_has_header_timeout_and_later_ones_idle_timeout) {
    const auto outcome = serve({{Arrival::Kind::bytes, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"},
                                {Arrival::Kind::pause},
                                {Arrival::Kind::bytes, "GET /b HTTP/1.1\r\n"},
                                {Arrival::Kind::pause},
                                {Arrival::Kind::bytes, "Host: h\r\n\r\n"}});
    std::vector<std::string> waits;
    for (const auto& call : outcome.calls) {
        if (call.starts_with("deadline") || call.starts_with("wait")) waits.push_back(call);
    }
    const std::vector<std::string> expected{"deadline 10000", "deadline 60000", "wait r", "deadline 10000",
                                            "wait r",         "deadline 60000", "wait r"};
    BOOST_TEST(waits == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_client_that_closes_is_not_lingered_for) {
    BOOST_TEST(!serve(all("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")).called("shutdown"));
    BOOST_TEST(!serve(open("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")).called("shutdown"));
    BOOST_TEST(!serve(all("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).called("shutdown"));
}

BOOST_AUTO_TEST_CASE(a_client_that_may_go_on_is_lingered_for) {
    BOOST_TEST(serve(open("GET /closes HTTP/1.1\r\nHost: h\r\n\r\n")).called("shutdown"));
    BOOST_TEST(serve(open("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"), true).called("shutdown"));
    BOOST_TEST(serve(open("GET /a HTTP/1.1\r\n\r\n")).called("shutdown"));
}

BOOST_AUTO_TEST_CASE(a_client_that_sent_more_than_it_closes_after_is_lingered_for) {
    BOOST_TEST(serve(open("GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n")).called("shutdown"));
    BOOST_TEST(serve(open("GET /a\r\nHost: h\r\n\r\n")).called("shutdown"));
    // Old browsers send a line end behind content.
    const std::string posted = "POST /hello HTTP/1.0\r\nContent-Length: 4\r\n\r\nspam\r\n";
    BOOST_TEST(serve(open(posted)).called("shutdown"));
}

// A client that writes all of a large body before it reads gets its answer; one that never ends does not stay.
BOOST_AUTO_TEST_CASE(lingering_ends_at_16_mebibytes_or_its_deadline) {
    auto pieces = open("BAD\r\n" + std::string(4096 - 5, 'x'));
    pieces.insert(pieces.end(), 5000, {Arrival::Kind::bytes, std::string(4096, 'x')});
    const auto endless = serve(std::move(pieces));
    const auto reads = std::ranges::count(endless.calls, "read");
    BOOST_TEST(reads == 1 + 4096);
    BOOST_TEST(std::ranges::count(endless.calls, "give way") == 64);
    const auto silent = serve(open("BAD\r\n"));
    BOOST_TEST(silent.calls.end()[-3] == "read");
    BOOST_TEST(silent.calls.end()[-1] == "wait r");
    BOOST_TEST(std::ranges::count(silent.calls, "deadline 2000") == 2);
}

}  // namespace
