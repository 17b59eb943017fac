// Handlers that throw, give no response, keep to no order or to no length: a 500 where nothing was sent, else a
// response that is cut short.
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/wire/transcript.h"

namespace {

using namespace wire;

constexpr const char* kClose = "Connection: close\r\n";
constexpr const char* kNext = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

std::string line_for(std::string_view path) {
    return fmt::format("GET {} HTTP/1.1", path);
}

std::string note(std::string_view path, std::string_view text) {
    return fmt::format("error: 127.0.0.1: {}, request \"{}\"", text, line_for(path));
}

std::string no_name(std::string_view name) {
    return fmt::format(
        "a field's name is made of letters, digits and !#$%&'*+-.^_`|~ alone (RFC 9110, 5.1), not \"{}\"", name);
}

Row throws(std::string name, std::string path, std::string what) {
    const std::string line = line_for(path);
    const std::string message = "The handler failed";
    return {std::move(name),
            all(line + "\r\nHost: h\r\n\r\n" + kNext),
            error(500, message, "", kClose),
            {error_record(line, 500, message)},
            {note(path, "the handler threw: " + what), error_line(line, 500, message)}};
}

Row gives_none(std::string name, std::string path, std::string message) {
    const std::string line = line_for(path);
    return {std::move(name),
            all(line + "\r\nHost: h\r\n\r\n" + kNext),
            error(500, message) + text("hello"),
            {error_record(line, 500, message), "GET /hello HTTP/1.1|200|5|complete"},
            {error_line(line, 500, message)}};
}

Row wrong_length(std::string name, std::string path) {
    const std::string line = line_for(path);
    const std::string message = "The content does not have the length that was announced";
    return {std::move(name),
            all(line + "\r\nHost: h\r\n\r\n" + kNext),
            error(500, message, "", kClose),
            {error_record(line, 500, message)},
            {note(path, "the response's content and its Content-Length differ"), error_line(line, 500, message)}};
}

Row cut(std::string name, std::string path, std::string output, std::uint64_t size, std::string why) {
    const std::string line = line_for(path);
    return {std::move(name),
            all(line + "\r\nHost: h\r\n\r\n" + kNext),
            std::move(output),
            {fmt::format("{}|200|{}|aborted", line, size)},
            {note(path, why)}};
}

const std::vector<Row> kRows{
    throws("an interim 101", "/switches", "an interim response's status is 102 to 199"),
    throws("an interim response too late", "/hints-late", "an interim response comes before send_response()"),
    throws("throws before anything is sent, even after a 204", "/throws", "no spam today\n"),
    throws("throws what is no std::exception", "/throws-number", "an exception of unknown type"),
    throws("begins twice", "/twice", "send_response() was called twice for one request"),
    throws("a field first", "/header-first", "send_header() belongs between send_response() and end_headers()"),
    throws("a field late", "/header-late", "send_header() belongs between send_response() and end_headers()"),
    throws("ends the head twice", "/end-twice", "end_headers() belongs after send_response(), once"),
    throws("content first", "/write-first", "a body belongs after end_headers()"),
    throws("an interim response", "/interim", "a response's status is 200 to 999"),
    throws("two lengths", "/length-twice", "Content-Length was given before"),
    throws("a length that is no number", "/bad-length", "Content-Length is not a number"),
    throws("a length below nothing", "/negative-length", "Content-Length is not a number"),
    throws("a name that ends in a space", "/name-with-space", no_name("Content-Length ")),
    throws("a name with a colon", "/name-with-colon", no_name("X: y")),
    throws("a name with a line end", "/name-with-line-end", no_name("X\r\nY")),
    throws("no name", "/no-name", no_name("")),
    throws("no name for a date", "/no-name-date", no_name("")),
    throws("no name in an interim response", "/no-name-hint", no_name("")),
    throws("a coding of its own", "/own-coding", "Transfer-Encoding is the server's own affair"),
    throws("a trailer first", "/trailer-first", "send_trailer() belongs after end_headers()"),
    throws("a trailer after a length", "/trailer-and-length", "content with a Content-Length has no trailers"),
    throws("a trailer that frames", "/trailer-that-frames", "this field cannot come after the content"),
    gives_none("no response", "/nothing", "The handler gave no response"),
    gives_none("half a head", "/no-end", "The handler did not end the head of its response"),
    wrong_length("less than announced", "/too-short"),
    wrong_length("more than announced", "/too-long"),
    cut("less than announced, seen late", "/too-short-late", response("200 OK", "Content-Length: 9\r\n", "onetwo"), 6,
        "the response's content and its Content-Length differ"),
    cut("more than announced, seen late: none of it is sent", "/too-long-late",
        response("200 OK", "Content-Length: 5\r\n", "one"), 3,
        "the response's content and its Content-Length differ"),
    cut("throws after it has sent", "/throws-late",
        response("200 OK", "Transfer-Encoding: chunked\r\n", "3\r\none\r\n"), 3, "the handler threw: no spam left"),
    {"a page of its own",
     all("GET /own-page HTTP/1.1\r\nHost: h\r\n\r\n"),
     response("500 Internal Server Error",
              "Content-Type: text/html; charset=utf-8\r\nVary: Accept\r\nX-Content-Type-Options: "
              "nosniff\r\nContent-Length: 11\r\n",
              "my own page"),
     {"GET /own-page HTTP/1.1|500|11|complete"},
     {error_line(line_for("/own-page"), 500, "The handler gave no response")}},
    {"a page of its own that throws",
     all("GET /page-throws HTTP/1.1\r\nHost: h\r\n\r\n"),
     error(500, "The handler gave no response"),
     {error_record(line_for("/page-throws"), 500, "The handler gave no response")},
     {error_line(line_for("/page-throws"), 500, "The handler gave no response"),
      note("/page-throws", "send_error() threw: no page today"),
      error_line(line_for("/page-throws"), 500, "The handler gave no response")}},
};

BOOST_DATA_TEST_CASE(transcript, kRows) {
    wire::check(sample);
}

BOOST_AUTO_TEST_CASE(a_log_request_that_throws_costs_its_own_line) {
    wire::Server server;
    wire::ScriptedStream stream(all("GET /log-throws HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(kNext)));
    const auto outcome = server.serve(stream);
    BOOST_TEST(outcome.output == text("hello") + text("hello"));
    BOOST_TEST(outcome.records == std::vector<std::string>{"GET /hello HTTP/1.1|200|5|complete"});
    BOOST_TEST(outcome.errors == std::vector<std::string>{note("/log-throws", "log_request() threw: no log today")});
}

BOOST_AUTO_TEST_CASE(memory_that_has_grown_is_not_kept) {
    const struct {
        std::string request;
        std::size_t kept;
    } rows[]{
        {"GET /hello HTTP/1.1\r\nHost: h\r\n\r\n", 1},
        {"GET /huge-page HTTP/1.1\r\nHost: h\r\n\r\n", 0},
        {"GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", 0},
    };
    for (const auto& row : rows) {
        wire::Server server;
        wire::ScriptedStream stream(wire::open(row.request));  // and then silence: nothing more is borrowed
        const auto outcome = server.serve(stream);
        BOOST_TEST(outcome.output.size() > 5U);
        BOOST_TEST(server.context.exchanges.spare() == row.kept);
    }
}

}  // namespace
