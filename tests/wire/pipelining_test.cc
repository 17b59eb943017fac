// Pipelining: thousands of requests at once are answered in order, with bounded memory and stack.
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/wire/transcript.h"

namespace {

constexpr int kRequests = 2000;

struct Pipeline {
    std::string input;
    std::string output;
};

Pipeline gets() {
    Pipeline pipeline;
    for (int i = 0; i < kRequests; ++i) {
        pipeline.input += fmt::format("GET /r{} HTTP/1.1\r\nHost: h\r\n\r\n", i);
        pipeline.output += wire::text(fmt::format("/r{}", i));
    }
    return pipeline;
}

Pipeline chunked_posts() {
    Pipeline pipeline;
    for (int i = 0; i < kRequests; ++i) {
        const std::string body = fmt::format("spam {}", i);
        pipeline.input += fmt::format(
            "POST /read-all HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
            body.size(), body);
        pipeline.output += wire::text(body);
    }
    return pipeline;
}

Pipeline unread_posts() {
    Pipeline pipeline;
    for (int i = 0; i < kRequests; ++i) {
        pipeline.input += "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x');
        pipeline.output += wire::text("hello");
    }
    return pipeline;
}

void check(const Pipeline& pipeline) {
    const auto whole = wire::open(pipeline.input);  // and then silence: nothing more is borrowed
    for (const auto& arrivals : {whole, wire::split_at(whole, 5000), wire::byte_by_byte(whole)}) {
        wire::Server server;
        wire::ScriptedStream stream(arrivals);
        const auto outcome = server.serve(stream);
        BOOST_TEST((outcome.output == pipeline.output));
        BOOST_TEST(outcome.records.size() == static_cast<std::size_t>(kRequests));
        // A buffer that had grown would have been dropped.
        BOOST_TEST(server.context.exchanges.spare() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(gets_in_order) {
    check(gets());
}

BOOST_AUTO_TEST_CASE(chunked_posts_in_order) {
    check(chunked_posts());
}

BOOST_AUTO_TEST_CASE(unread_posts_in_order) {
    check(unread_posts());
}

std::vector<std::string> writes_of(std::string input) {
    wire::Server server;
    wire::ScriptedStream stream(wire::open(std::move(input)));
    std::vector<std::string> calls = server.serve(stream).calls;
    std::erase_if(calls, [](const std::string& call) { return !call.starts_with("write") && call != "push"; });
    return calls;
}

BOOST_AUTO_TEST_CASE(the_answers_to_requests_that_came_together_leave_together) {
    using Calls = std::vector<std::string>;
    const std::string get = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
    const std::string post = "POST /read-all HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n";
    BOOST_TEST(writes_of(get) == Calls{"write"}, boost::test_tools::per_element());
    BOOST_TEST(writes_of(get + get + get) == (Calls{"write more", "write more", "write"}),
               boost::test_tools::per_element());
    // What has come of another request may be all that comes for a while: the stream's own wait sends the answers.
    BOOST_TEST(writes_of(get + "GET /hel") == (Calls{"write more", "write"}), boost::test_tools::per_element());
    BOOST_TEST(writes_of(get + post + "spam" + get) == (Calls{"write more", "write more", "write"}),
               boost::test_tools::per_element());
    // So does a handler that has to wait, whatever for.
    BOOST_TEST(writes_of(get + post + "sp") == (Calls{"write more", "push", "write"}),
               boost::test_tools::per_element());
    // Nothing follows the answer after which the connection closes.
    BOOST_TEST(writes_of("GET /closes HTTP/1.1\r\nHost: h\r\n\r\n" + get) == Calls{"write"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(others_have_their_turn) {
    wire::Server server;
    wire::ScriptedStream stream(wire::all(gets().input));
    server.serve(stream);
    BOOST_TEST(stream.count("give way") >= 30U);
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_client_that_does_not_read_holds_up_the_next) {
    wire::Server server;
    std::deque<wire::Acceptance> acceptances(3);
    acceptances.push_back({wire::Acceptance::Kind::stall});
    wire::ScriptedStream stream(wire::all(gets().input), acceptances);
    const auto outcome = server.serve(stream);
    BOOST_TEST(outcome.records.size() == 4U);
    BOOST_TEST(outcome.records.back() == "GET /r3 HTTP/1.1|200|0|timed_out");
}

}  // namespace
