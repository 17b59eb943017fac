// Clients that leave or stop reading in mid-response: the record says so, and how much of the content was taken.
#include <cstdio>
#include <memory>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/wire/transcript.h"

namespace {

using wire::Acceptance;
using wire::all;

struct Shape {
    std::string request;
    std::string content;  // what the client gets in the end
    bool chunked = false;
};

const Shape kShapes[]{
    {"GET /hello HTTP/1.1\r\nHost: h\r\n\r\n", "hello"},
    {"GET /exact HTTP/1.1\r\nHost: h\r\n\r\n", "onetwo"},
    {"GET /stream HTTP/1.1\r\nHost: h\r\n\r\n", "onetwothree", true},
    {"GET /stream\r\n", "onetwothree"},
    {"HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n", ""},
};

// The content among the first `size` bytes of a response.
std::size_t content_within(const std::string& output, std::size_t size, const Shape& shape) {
    const auto head_end = output.find("\r\n\r\n");
    std::size_t at = head_end == std::string::npos ? 0 : head_end + 4;
    std::size_t content = 0;
    while (at < size && at < output.size()) {
        std::size_t length = output.size() - at;
        if (shape.chunked) {
            length = std::stoul(output.substr(at), nullptr, 16);
            at = output.find("\r\n", at) + 2;
        }
        if (at < size) content += std::min(length, size - at);
        at += length + 2;
    }
    return content;
}

// `output`, cut where it may be, with the date masked that stands in `whole`: the two may be of different seconds.
std::string date_masked(std::string output, const std::string& whole) {
    constexpr std::string_view kName = "\r\nDate: ";
    constexpr std::size_t kDate = 29;
    const auto name = whole.find(kName);
    if (name == std::string::npos) return output;
    const std::size_t first = name + kName.size();
    for (std::size_t at = first; at < std::min(first + kDate, output.size()); ++at)
        output[at] = '*';
    return output;
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_at_each_byte) {
    for (const Shape& shape : kShapes) {
        wire::Server server;
        wire::ScriptedStream undisturbed(all(shape.request));
        server.serve(undisturbed);
        const std::string whole = undisturbed.output();
        for (std::size_t size = 0; size < whole.size(); ++size) {
            for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
                wire::ScriptedStream stream(all(shape.request), {}, step);
                stream.leave_after(size);
                const auto outcome = server.serve(stream);
                BOOST_TEST(date_masked(stream.output(), whole) == date_masked(whole.substr(0, size), whole));
                BOOST_TEST(outcome.records.size() == 1U);
                const auto ending = fmt::format("|200|{}|client_left", content_within(whole, size, shape));
                BOOST_TEST(outcome.records[0].ends_with(ending), outcome.records[0] << " at " << size);
                BOOST_TEST(!outcome.called("shutdown"));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read) {
    wire::Server server;
    wire::ScriptedStream stream(all("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n"),
                                {{Acceptance::Kind::some, 4},
                                 {Acceptance::Kind::block},
                                 {Acceptance::Kind::some, 4},
                                 {Acceptance::Kind::stall}});
    const auto outcome = server.serve(stream);
    BOOST_TEST(outcome.output == "HTTP/1.1");
    BOOST_TEST(outcome.records == std::vector<std::string>{"GET /hello HTTP/1.1|200|0|timed_out"});
    BOOST_TEST(stream.count("deadline 30000") == 2U);  // one for each wait between two writes
}

BOOST_AUTO_TEST_CASE(a_handler_that_goes_on_after_its_client_left) {
    wire::Server server;
    wire::ScriptedStream stream(all("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"), {{Acceptance::Kind::fail}});
    const auto outcome = server.serve(stream);
    BOOST_TEST(outcome.records == std::vector<std::string>{"GET /stream HTTP/1.1|200|0|client_left"});
    BOOST_TEST(stream.count("write") == 1U);
}

BOOST_AUTO_TEST_CASE(a_handler_that_writes_until_its_client_has_left) {
    for (const char* line : {"GET /endless", "GET /endless-announced", "GET /endless-events"}) {
        wire::Server server;
        wire::ScriptedStream stream(all(fmt::format("{} HTTP/1.1\r\nHost: h\r\n\r\n", line)));
        stream.leave_after(100'000);
        const auto outcome = server.serve(stream);
        BOOST_TEST(outcome.records.size() == 1U);
        BOOST_TEST(outcome.records[0].ends_with("|client_left"), outcome.records[0]);
    }
}

// However fast the client takes it all, whether it is there or not, and whether it wants any content or none.
BOOST_AUTO_TEST_CASE(a_handler_that_writes_in_a_loop_gives_way) {
    const struct {
        const char* line;
        std::size_t leaves_after;
    } rows[]{
        {"GET /four-mebibytes", 8 << 20},   {"GET /four-mebibytes-at-once", 8 << 20},
        {"GET /thousand-events", 8 << 20},  {"HEAD /four-mebibytes", 8 << 20},
        {"HEAD /thousand-events", 8 << 20}, {"GET /four-mebibytes", 100},
        {"GET /thousand-events", 100},
    };
    for (const auto& row : rows) {
        wire::Server server;
        wire::ScriptedStream stream(all(fmt::format("{} HTTP/1.1\r\nHost: h\r\n\r\n", row.line)));
        stream.leave_after(row.leaves_after);
        server.serve(stream);
        BOOST_TEST(stream.count("give way") >= 7U, row.line << ": " << stream.count("give way"));
        BOOST_TEST(stream.count("give way") <= 20U, row.line << ": " << stream.count("give way"));
    }
}

BOOST_AUTO_TEST_CASE(waking_without_taking_anything_earns_no_more_time) {
    wire::Server server;
    wire::ScriptedStream stream(wire::open("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"),
                                {{Acceptance::Kind::block}, {Acceptance::Kind::block}, {Acceptance::Kind::block}});
    server.serve(stream);
    BOOST_TEST(stream.count("wait w") == 3U);
    BOOST_TEST(stream.count("deadline 30000") == 1U);
}

}  // namespace
