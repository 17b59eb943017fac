// How responses are framed: lengths, chunks, HEAD, statuses without content, and what fields a handler may give.
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "basehttp/pages/error_page.h"
#include "tests/wire/transcript.h"

namespace {

using namespace wire;

constexpr const char* kClose = "Connection: close\r\n";
constexpr const char* kAllow = "Allow: GET, HEAD, POST, SPAM\r\n";
constexpr const char* kRefusedMethod = "This resource does not answer that method";
constexpr const char* kMarkup = "<script>alert(1)</script> & \"more\"";

std::string request(std::string_view method, std::string_view target) {
    return fmt::format("{} {} HTTP/1.1\r\nHost: h\r\n\r\n", method, target);
}

Row ok(std::string name, std::string line, std::string output, std::uint64_t size, int status = 200) {
    return {std::move(name),
            all(line + " HTTP/1.1\r\nHost: h\r\n\r\n"),
            std::move(output),
            {fmt::format("{} HTTP/1.1|{}|{}|complete", line, status, size)}};
}

Row old(std::string name, std::string line, std::string output, std::uint64_t size) {
    return {std::move(name),
            all(line + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            std::move(output),
            {fmt::format("{} HTTP/1.0|200|{}|complete", line, size)}};
}

Row simple(std::string name, std::string line, std::string output, std::uint64_t size, int status = 200) {
    return {std::move(name),
            all(line + "\r\n"),
            std::move(output),
            {fmt::format("{}|{}|{}|complete", line, status, size)}};
}

Row refused(std::string name, std::string line, int status, std::string message, std::string_view fields = "",
            std::string_view last_fields = "") {
    line += " HTTP/1.1";
    return {std::move(name),
            all(line + "\r\nHost: h\r\n\r\n"),
            error(status, message, fields, last_fields),
            {error_record(line, status, message)},
            {error_line(line, status, message)}};
}

std::string headless(std::string whole) {
    return whole.substr(0, whole.find("\r\n\r\n") + 4);
}

std::string in_old_version(std::string response) {
    return response.replace(0, 8, "HTTP/1.0");
}

Row without_page(Row row) {
    row.output = headless(row.output);
    row.records[0] = row.records[0].substr(0, row.records[0].find('|')) + "|404|0|complete";
    return row;
}

const std::vector<Row> kRows{
    ok("a body written whole has a length", "GET /hello", text("hello"), 5),
    ok("an interim response comes first", "GET /hints",
       "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + text("hello"), 5),
    old("1.0 gets no interim response", "GET /hints", text("hello", "Connection: keep-alive\r\n"), 5),
    simple("0.9 gets none either", "GET /hints", "hello", 5),
    ok("an empty body has one too", "GET /empty", response("200 OK", "Content-Length: 0\r\n", ""), 0),
    ok("a flushed body is chunked", "GET /stream",
       response("200 OK", "Transfer-Encoding: chunked\r\n", "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"), 11),
    ok("a flush without content sends the head", "GET /flush-only",
       response("200 OK", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 0),
    ok("a large body is not held back", "GET /large",
       response("200 OK", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n",
                "4e20\r\n" + std::string(20'000, 'x') + "\r\n0\r\n\r\n"),
       20'000),
    ok("an announced length is kept to", "GET /exact", response("200 OK", "Content-Length: 6\r\n", "onetwo"), 6),
    old("1.0 with a length persists", "GET /hello", text("hello", "Connection: keep-alive\r\n"), 5),
    old("1.0 without a length ends with the connection", "GET /stream", response("200 OK", kClose, "onetwothree"),
        11),
    old("1.0 with an announced length persists", "GET /exact",
        response("200 OK", "Content-Length: 6\r\nConnection: keep-alive\r\n", "onetwo"), 6),
    simple("0.9: content alone", "GET /stream", "onetwothree", 11),
    simple("0.9: an empty body", "GET /empty", "", 0),
    simple("0.9: a 204", "GET /204", "", 0, 204),
    ok("trailers make the content chunked", "GET /trailed",
       response("200 OK", "Trailer: X-Sum, X-Evil\r\nTransfer-Encoding: chunked\r\n",
                "4\r\nspam\r\n0\r\nX-Sum: 4\r\nX-Evil: a    HTTP/1.1 200 OK\r\n\r\n"),
       4),
    ok("trailers after content that was sent", "GET /trailed-late",
       response("200 OK", "Transfer-Encoding: chunked\r\n", "4\r\nspam\r\n0\r\nX-Sum: 4\r\n\r\n"), 4),
    ok("trailers and no content", "GET /trailed-nothing",
       response("200 OK", "Transfer-Encoding: chunked\r\n", "0\r\nX-Sum: 0\r\n\r\n"), 0),
    ok("no trailers for HEAD", "HEAD /trailed",
       response("200 OK", "Trailer: X-Sum, X-Evil\r\nTransfer-Encoding: chunked\r\n", ""), 0),
    old("no trailers in 1.0", "GET /trailed",
        response("200 OK", "Trailer: X-Sum, X-Evil\r\nContent-Length: 4\r\nConnection: keep-alive\r\n", "spam"), 4),
    simple("no trailers in 0.9", "GET /trailed", "spam", 4),
    {"a handler of the seed's version: 1.0 that closes",
     all("GET /seed HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n"),
     in_old_version(text("hello", kClose)),
     {"GET /seed HTTP/1.1|200|5|complete"}},
    {"a handler of the seed's version does not chunk",
     all("GET /seed-stream HTTP/1.1\r\nHost: h\r\n\r\n"),
     in_old_version(response("200 OK", kClose, "onetwothree")),
     {"GET /seed-stream HTTP/1.1|200|11|complete"}},
    ok("HEAD has the length of GET", "HEAD /hello",
       headless(response("200 OK", "Content-Type: text/plain\r\nContent-Length: 5\r\n", "")), 0),
    ok("HEAD of an announced length", "HEAD /exact", response("200 OK", "Content-Length: 6\r\n", ""), 0),
    ok("HEAD of a chunked body", "HEAD /stream", response("200 OK", "Transfer-Encoding: chunked\r\n", ""), 0),
    ok("HEAD of a handler that gives no content says no length", "HEAD /empty", response("200 OK", "", ""), 0),
    ok("HEAD of a body too large to be held back has the head of GET", "HEAD /large",
       response("200 OK", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", ""), 0),
    ok("HEAD ends a handler that writes until it fails", "HEAD /endless",
       response("200 OK", "Transfer-Encoding: chunked\r\n", ""), 0),
    ok("so it does where a length was announced", "HEAD /endless-announced",
       response("200 OK", "Content-Length: 1099511627776\r\n", ""), 0),
    ok("so it does where each piece is flushed", "HEAD /endless-events",
       response("200 OK", "Transfer-Encoding: chunked\r\n", ""), 0),
    {"so do 204, 205 and 304, and the connection goes on",
     all(request("GET", "/endless-204") + request("GET", "/endless-205") + request("GET", "/endless-304") +
         request("GET", "/hello")),
     response("204 No Content", "", "") + response("205 Reset Content", "Content-Length: 0\r\n", "") +
         response("304 Not Modified", "", "") + text("hello"),
     {"GET /endless-204 HTTP/1.1|204|0|complete", "GET /endless-205 HTTP/1.1|205|0|complete",
      "GET /endless-304 HTTP/1.1|304|0|complete", "GET /hello HTTP/1.1|200|5|complete"}},
    {"HEAD of a body that ends with the connection persists all the same",
     all("HEAD /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /hello HTTP/1.0\r\n\r\n"),
     response("200 OK", "Connection: keep-alive\r\n", "") + text("hello", kClose),
     {"HEAD /stream HTTP/1.0|200|0|complete", "GET /hello HTTP/1.0|200|5|complete"}},
    {"a response follows HEAD, 204, 205 and 304",
     all(request("HEAD", "/hello") + request("GET", "/204") + request("GET", "/205") + request("GET", "/304") +
         request("GET", "/hello")),
     headless(text("hello")) + response("204 No Content", "", "") +
         response("205 Reset Content", "Content-Length: 0\r\n", "") + response("304 Not Modified", "", "") +
         text("hello"),
     {"HEAD /hello HTTP/1.1|200|0|complete", "GET /204 HTTP/1.1|204|0|complete", "GET /205 HTTP/1.1|205|0|complete",
      "GET /304 HTTP/1.1|304|0|complete", "GET /hello HTTP/1.1|200|5|complete"}},
    ok("a 204 says no length", "GET /204-length", response("204 No Content", "", ""), 0, 204),
    ok("a 304 may say one", "GET /304-length", response("304 Not Modified", "Content-Length: 5\r\n", ""), 0, 304),
    ok("fields and phrase cannot split the response", "GET /splits",
       "HTTP/1.1 200 OK  X-Phrase: 1\r\nServer: test\r\nDate: *\r\nX-Value: a  X-Evil: 1    <body>\r\n"
       "Content-Length: 0\r\n\r\n",
       0),
    ok("numbers may be negative", "GET /numbers",
       response("200 OK",
                "X-Less: -5\r\nX-Least: -9223372036854775808\r\nX-Most: 18446744073709551615\r\nX-Short: -128\r\n"
                "Content-Length: 0\r\n",
                ""),
       0),
    refused("a 426 names its protocol as an option of the connection", "GET /upgrade-required", 426,
            "Upgrade Required", "Upgrade: websocket\r\n", "Connection: Upgrade\r\n"),
    {"it does to 1.0 as well, beside what persists",
     all("GET /upgrade-required HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
     error(426, "Upgrade Required", "Upgrade: websocket\r\n", "Connection: Upgrade, keep-alive\r\n"),
     {error_record("GET /upgrade-required HTTP/1.0", 426, "Upgrade Required")},
     {error_line("GET /upgrade-required HTTP/1.0", 426, "Upgrade Required")}},
    ok("options of the connection are one list, and close is the last", "GET /upgrade-and-close",
       response("200 OK", "Content-Length: 0\r\nConnection: X-Hop, Y-Hop, close\r\n", ""), 0),
    {"a status without a row has a message",
     all(request("GET", "/unregistered")),
     response("999 ",
              fmt::format("Content-Type: text/html; charset=utf-8\r\nVary: Accept\r\n"
                          "X-Content-Type-Options: nosniff\r\nContent-Length: {}\r\n",
                          basehttp::error_page(999, "Unregistered status code").size()),
              basehttp::error_page(999, "Unregistered status code")),
     {error_record("GET /unregistered HTTP/1.1", 999, "Unregistered status code")},
     {error_line("GET /unregistered HTTP/1.1", 999, "Unregistered status code")}},
    refused("an error page is escaped", "GET /not-found", 404, kMarkup),
    {"a log of its own",
     all(request("GET", "/own-log")),
     error(404, kMarkup),
     {error_record("GET /own-log HTTP/1.1", 404, kMarkup)},
     {"debug: 127.0.0.1: one of my own"}},
    without_page(refused("and left out for HEAD", "HEAD /not-found", 404, kMarkup)),
    ok("a method of one's own", "SPAM /", text("spam, spam, spam"), 16),
    refused("methods have a case", "spam /", 501, "Unsupported method"),
    refused("a method that nobody has", "EGGS /", 501, "Unsupported method"),
    refused("a method that this resource does not have", "DELETE /", 405, kRefusedMethod, kAllow),
    refused("OPTIONS is no exception", "OPTIONS /", 405, kRefusedMethod, kAllow),
    {"CONNECT, and what follows may be a tunnel's",
     all("CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n" + request("GET", "/hello")),
     error(501, "Unsupported method", "", kClose),
     {error_record("CONNECT h:80 HTTP/1.1", 501, "Unsupported method")},
     {error_line("CONNECT h:80 HTTP/1.1", 501, "Unsupported method")}},
    ok("OPTIONS *", "OPTIONS *", response("204 No Content", "", ""), 0, 204),
    ok("the absolute form", "GET http://h/hello?x", text("hello"), 5),
    {"the connection goes on after an error",
     all(request("EGGS", "/") + request("GET", "/not-found") + request("GET", "/hello")),
     error(501, "Unsupported method") + error(404, kMarkup) + text("hello"),
     {error_record("EGGS / HTTP/1.1", 501, "Unsupported method"),
      error_record("GET /not-found HTTP/1.1", 404, kMarkup), "GET /hello HTTP/1.1|200|5|complete"},
     {error_line("EGGS / HTTP/1.1", 501, "Unsupported method"), error_line("GET /not-found HTTP/1.1", 404, kMarkup)}},
    {"another host",
     all("GET /hello HTTP/1.1\r\nHost: other\r\n\r\n"),
     error(421, "This server does not answer for that host"),
     {error_record("GET /hello HTTP/1.1", 421, "This server does not answer for that host")},
     {error_line("GET /hello HTTP/1.1", 421, "This server does not answer for that host")}},
    {"the host of the target wins",
     all("GET http://other/hello HTTP/1.1\r\nHost: h\r\n\r\n"),
     error(421, "This server does not answer for that host"),
     {error_record("GET http://other/hello HTTP/1.1", 421, "This server does not answer for that host")},
     {error_line("GET http://other/hello HTTP/1.1", 421, "This server does not answer for that host")}},
    {"no host at all, in 1.0",
     all("GET /hello HTTP/1.0\r\n\r\n"),
     text("hello", kClose),
     {"GET /hello HTTP/1.0|200|5|complete"}},
};

BOOST_DATA_TEST_CASE(transcript, kRows) {
    wire::check(sample);
}

// A handler's own write_log() included: what nobody takes is not put together.
BOOST_AUTO_TEST_CASE(messages_below_the_level_of_the_log_are_left_out) {
    const std::string requests =
        request("GET", "/not-found") + "GET /hello HTTP/1.1\r\nHost: other\r\n\r\n" + request("GET", "/throws");
    for (const auto& [level, count] : {std::pair{basehttp::Severity::debug, 4},
                                       {basehttp::Severity::info, 3},
                                       {basehttp::Severity::error, 2},
                                       {basehttp::Severity::critical, 0}}) {
        wire::Server server;
        server.context.log_level = level;
        wire::ScriptedStream stream(all(requests));
        const wire::Outcome outcome = server.serve(stream);
        BOOST_TEST(outcome.errors.size() == static_cast<std::size_t>(count), basehttp::severity_name(level));
        BOOST_TEST(outcome.records.size() == 3U);
    }
}

BOOST_AUTO_TEST_CASE(a_small_response_is_one_write) {
    for (const char* line : {"GET /hello", "GET /exact", "GET /not-found", "HEAD /large"}) {
        wire::Server server;
        wire::ScriptedStream stream(all(request(std::string_view(line).substr(0, 4) == "HEAD" ? "HEAD" : "GET",
                                                std::string_view(line).substr(std::string_view(line).find('/')))));
        server.serve(stream);
        const bool flushed = std::string_view(line) == "GET /exact";
        BOOST_TEST(stream.count("write") == (flushed ? 2U : 1U), line);
    }
}

}  // namespace
