// Content of requests: read by length and by chunks, asked for with 100, refused, cut short, late, and left unread.
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

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
using wire::text;

constexpr const char* kClose = "Connection: close\r\n";
constexpr const char* kNext = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr const char* kNextRecord = "GET /hello HTTP/1.1|200|5|complete";
constexpr const char* kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string post(std::string_view path, std::string_view fields, std::string_view body) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\n{}\r\n{}", path, fields, body);
}

std::string chunked(std::string_view path, std::string_view body) {
    return post(path, "Transfer-Encoding: chunked\r\n", body);
}

std::string sized(std::string_view path, std::string_view body) {
    return post(path, fmt::format("Content-Length: {}\r\n", body.size()), body);
}

basehttp::Limits at_most(std::uint64_t body) {
    basehttp::Limits limits;
    limits.body = body;
    return limits;
}

Row read(std::string name, std::string input, std::string path, std::string body, basehttp::Limits limits = {}) {
    return {std::move(name),
            all(input + kNext),
            text(body) + text("hello"),
            {fmt::format("POST {} HTTP/1.1|200|{}|complete", path, body.size()), kNextRecord},
            {},
            limits};
}

Row refused(std::string name, std::deque<Arrival> input, std::string path, int status, std::string message,
            basehttp::Limits limits = {}) {
    const std::string line = "POST " + path + " HTTP/1.1";
    return {std::move(name),
            std::move(input),
            error(status, message, "", kClose),
            {error_record(line, status, message)},
            {error_line(line, status, message)},
            limits};
}

constexpr const char* kLate = "Request timeout: its content did not arrive in time";
constexpr const char* kCut = "Bad request: it ended within its content";

const std::vector<Row> kRows{
    read("with a length", sized("/read-all", "spam"), "/read-all", "spam"),
    read("in pieces", sized("/read-pieces", "spam and eggs"), "/read-pieces", "spam and eggs"),
    read("empty", sized("/read-all", ""), "/read-all", ""),
    read("none at all", post("/read-all", "", ""), "/read-all", ""),
    read("chunked", chunked("/read-all", "4\r\nspam\r\n0005;x=\"y\"\r\n eggs\r\n0\r\nT: x\r\n\r\n"), "/read-all",
         "spam eggs"),
    read("chunked, in pieces", chunked("/read-pieces", "4\r\nspam\r\n5\r\n eggs\r\n0\r\n\r\n"), "/read-pieces",
         "spam eggs"),
    read("chunked and empty", chunked("/read-all", "0\r\n\r\n"), "/read-all", ""),
    read("larger than the buffer", sized("/count-body", std::string(50'000, 'x')), "/count-body", "50000"),
    read("larger than the buffer, chunked",
         chunked("/count-body", "c350\r\n" + std::string(50'000, 'x') + "\r\n0\r\n\r\n"), "/count-body", "50000"),
    read("by count", sized("/read-by-count", "spam and eggs"), "/read-by-count", "spam |and e|ggs|"),
    read("by count, chunked", chunked("/read-by-count", "3\r\nspa\r\n4\r\nm an\r\n0\r\n\r\n"), "/read-by-count",
         "spam |an|"),
    read("by lines", sized("/read-lines", "spam\r\n\nand eggs"), "/read-lines", "spam\r\n|\n|and eggs|"),
    read("by lines, chunked", chunked("/read-lines", "3\r\nspa\r\n3\r\nm\na\r\n0\r\n\r\n"), "/read-lines",
         "spam\n|a|"),
    read("a line as long as it may be", sized("/read-lines", "1234567\n12345678"), "/read-lines",
         "1234567\n|12345678|"),
    read("trailers", chunked("/read-trailers", "1\r\na\r\n0\r\nDigest: x\r\nHost: evil\r\n\r\n"), "/read-trailers",
         "0|Digest=x|Host=evil"),
    read("no trailers", chunked("/read-trailers", "1\r\na\r\n0\r\n\r\n"), "/read-trailers", "0"),
    read("just within the limit", sized("/read-all", "12345678"), "/read-all", "12345678", at_most(8)),
    read("unread, with a length: drained", sized("/hello", "spam"), "/hello", "hello"),
    read("unread, chunked: drained", chunked("/hello", "4\r\nspam\r\n0\r\n\r\n"), "/hello", "hello"),
    read("read in part: the rest is drained", sized("/read-three", "spam"), "/read-three", "spa"),
    read("read in part, chunked", chunked("/read-three", "5\r\nspam!\r\n1\r\n.\r\n0\r\n\r\n"), "/read-three", "spa"),
    {"unread and large: closed",
     all(sized("/hello", std::string(70'000, 'x')) + kNext),
     text("hello", kClose),
     {"POST /hello HTTP/1.1|200|5|complete"}},
    {"unread and endless: closed, with no word of it",
     all(chunked("/hello", "20000\r\n" + std::string(0x20000, 'x') + "\r\n0\r\n\r\n") + kNext),
     text("hello"),
     {"POST /hello HTTP/1.1|200|5|complete"}},
    {"unread and broken: closed",
     all(chunked("/hello", "no chunk") + kNext),
     text("hello"),
     {"POST /hello HTTP/1.1|200|5|complete"}},
    {"unread and cut short",
     all(post("/hello", "Content-Length: 9\r\n", "spam")),
     text("hello"),
     {"POST /hello HTTP/1.1|200|5|complete"}},
    refused("too large", all(sized("/read-all", "123456789")), "/read-all", 413, "Content too large", at_most(8)),
    refused("too large in chunks", all(chunked("/read-all", "4\r\nspam\r\n5\r\n eggs\r\n0\r\n\r\n")), "/read-all",
            413, "Content too large", at_most(8)),
    refused("too large as announced by a chunk", open(chunked("/read-all", "4\r\nspam\r\n5\r\n")), "/read-all", 413,
            "Content too large", at_most(8)),
    refused("far too large as announced", open(chunked("/read-lines", "100000005\r\n")), "/read-lines", 413,
            "Content too large"),
    refused("larger than any number", open(chunked("/read-pieces", "10000000000000005\r\n")), "/read-pieces", 413,
            "Content too large"),
    refused("too large for the handler", all(sized("/read-little", "12345")), "/read-little", 413,
            "Content too large"),
    refused("a line too long", all(sized("/read-lines", "123456789")), "/read-lines", 413, "Content too large"),
    refused("a bad chunk", all(chunked("/read-all", "4\r\nspamX")), "/read-all", 400, "Bad chunk"),
    refused("a chunk with a lone LF", all(chunked("/read-all", "4\nspam\r\n")), "/read-all", 400, "Bad chunk"),
    ended("client_left",
          refused("cut short", all(post("/read-all", "Content-Length: 9\r\n", "spam")), "/read-all", 400, kCut)),
    ended("client_left",
          refused("cut short in chunks", all(chunked("/read-all", "9\r\nspam")), "/read-all", 400, kCut)),
    ended("timed_out",
          refused("late", open(post("/read-all", "Content-Length: 9\r\n", "spam")), "/read-all", 408, kLate)),
    ended("timed_out", refused("late in chunks", open(chunked("/read-all", "9\r\nspam")), "/read-all", 408, kLate)),
    ended("client_left", refused("reset",
                                 {{Arrival::Kind::bytes, post("/read-all", "Content-Length: 9\r\n", "spam")},
                                  {Arrival::Kind::reset}},
                                 "/read-all", 400, kCut)),
    {"the handler may answer a broken body itself",
     all(chunked("/survives-bad-body", "x")),
     text("bad", kClose),
     {"POST /survives-bad-body HTTP/1.1|200|3|complete"}},
    {"100 is sent when the handler reads",
     all(post("/read-all", "Expect: 100-Continue\r\nContent-Length: 4\r\n", "spam") + kNext),
     kContinue + text("spam") + text("hello"),
     {"POST /read-all HTTP/1.1|200|4|complete", kNextRecord}},
    {"and not when it does not",
     all(post("/hello", "Expect: 100-continue\r\nContent-Length: 4\r\n", "spam") + kNext),
     text("hello", kClose),
     {"POST /hello HTTP/1.1|200|5|complete"}},
    {"nor without content",
     all(post("/read-all", "Expect: 100-continue\r\n", "") + kNext),
     text("") + text("hello"),
     {"POST /read-all HTTP/1.1|200|0|complete", kNextRecord}},
    {"nor to 1.0",
     all("POST /read-all HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nspam"),
     text("spam", kClose),
     {"POST /read-all HTTP/1.0|200|4|complete"}},
    {"nor within a response",
     all(post("/answers-then-reads", "Expect: 100-continue\r\nContent-Length: 4\r\n", "spam") + kNext),
     wire::response("200 OK", "Transfer-Encoding: chunked\r\n", "5\r\nfirst\r\n4\r\nspam\r\n0\r\n\r\n") +
         text("hello"),
     {"POST /answers-then-reads HTTP/1.1|200|9|complete", kNextRecord}},
};

BOOST_DATA_TEST_CASE(transcript, kRows) {
    wire::check(sample);
}

// As with a Content-Length: before a handler sees the request, whether it would read the content or not.
BOOST_AUTO_TEST_CASE(a_chunk_announced_with_the_head_is_refused_whoever_would_read_it) {
    for (const std::string_view size :
         {"100001", "100000005", "7fffffffffffffff", "ffffffffffffffff", "10000000000000000"}) {
        for (const std::string_view path : {"/hello", "/read-all", "/read-three", "/none"}) {
            BOOST_TEST_CONTEXT(path << " " << size) {
                wire::Server server;
                wire::ScriptedStream stream(open(chunked(path, fmt::format("{}\r\n", size))));
                const auto outcome = server.serve(stream);
                BOOST_TEST(outcome.output == error(413, "Content too large", "", kClose));
                BOOST_TEST(stream.count("deadline 30000") == 0U);  // of Limits::body_timeout
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_answer_is_logged_before_what_is_unread_is_waited_for) {
    wire::Server server;
    wire::ScriptedStream stream(open(post("/hello", "Content-Length: 9\r\n", "spam")));
    basehttp::Connection connection(server.context, stream, {}, 1);
    auto task = connection.serve();
    BOOST_TEST(!stream.run_to_silence(task));
    BOOST_TEST(server.log.records.size() == 1U);
    BOOST_TEST(server.counters.busy == 0U);
}

BOOST_AUTO_TEST_CASE(behind_a_head_that_fills_the_buffer_content_does_not_come_byte_by_byte) {
    std::string head = "POST /read-lines HTTP/1.1\r\nHost: h\r\nContent-Length: 800\r\nX: ";
    head.resize(basehttp::InputBuffer::kFirstCapacity - 4, 'x');
    std::string lines;
    while (lines.size() < 800)
        lines += "eight b\n";
    wire::Server server;
    wire::ScriptedStream stream(
        {{Arrival::Kind::bytes, head + "\r\n\r\n"}, {Arrival::Kind::pause}, {Arrival::Kind::bytes, lines}});
    const auto outcome = server.serve(stream);
    BOOST_TEST(outcome.records.at(0).starts_with("POST /read-lines HTTP/1.1|200|900|"));
    BOOST_TEST(stream.count("read") < 10U);
}

BOOST_AUTO_TEST_CASE(a_connection_may_be_dropped_wherever_it_waits) {
    const std::string input = chunked("/read-all", "4\r\nspam\r\n0\r\n\r\n") + kNext;
    for (std::size_t size = 1; size < input.size(); ++size) {
        wire::Server server;
        wire::ScriptedStream stream(open(input.substr(0, size)));
        basehttp::Connection connection(server.context, stream, {}, 1);
        auto task = connection.serve();
        BOOST_TEST(!stream.run_to_silence(task));
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_reads_in_a_loop_gives_way) {
    const std::string content(4 << 20, 'x');
    const std::string chunked = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", content.size(), content);
    for (const std::string& request :
         {fmt::format("POST /count-body HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", content.size(),
                      content),
          fmt::format("POST /count-body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunked)}) {
        wire::Server server({.body = 8 << 20});
        wire::ScriptedStream stream(wire::all(request));
        const auto outcome = server.serve(stream);
        BOOST_TEST(outcome.output == wire::text("4194304"));
        BOOST_TEST(stream.count("give way") >= 7U);
        BOOST_TEST(stream.count("give way") <= 9U);
    }
}

}  // namespace
