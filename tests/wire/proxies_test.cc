// Requests that came through proxies: each of a connection has a client of its own.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/wire/transcript.h"

namespace {

class ClientLog final : public basehttp::Log {
  public:
    void access(const basehttp::AccessRecord& record) override {
        lines.push_back(record.client.text() + ' ' + record.peer.text() + ' ' + std::string(record.host) + ' ' +
                        std::to_string(record.status));
    }
    void error(const basehttp::ErrorRecord& record) override { errors.emplace_back(record.text); }

    std::vector<std::string> lines;
    std::vector<std::string> errors;
};

class Echo : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() { return answer(); }
    basehttp::Task<> do_POST() { return answer(); }

  private:
    basehttp::Task<> answer() {
        const auto content = co_await read_all(100);
        const std::string text = std::string(scheme()) + ' ' + address_string();
        send_response(200);
        send_header("Content-Length", text.size());
        end_headers();
        response().append(text);
    }
};

struct Fixture {
    Fixture() {
        basehttp::Site site;
        site.hosts = {"h"};
        site.routes.push_back({"/", basehttp::handler<Echo>()});
        basehttp::Route closed{"/closed", basehttp::handler<Echo>()};
        closed.clients.deny = {basehttp::AddressRange::parse("192.0.2.0/24").value()};
        site.routes.push_back(std::move(closed));
        router.add(std::move(site));
        context.trusted_proxies = {
            .networks = {basehttp::AddressRange::parse("127.0.0.1").value()},
            .fields = {.x_forwarded_for = true, .x_forwarded_proto = true, .x_forwarded_host = true}};
    }

    std::string serve(const std::deque<wire::Arrival>& arrivals) {
        wire::ScriptedStream stream(arrivals);
        basehttp::Connection connection(context, stream, basehttp::ClientAddress::parse("127.0.0.1").value(), 7);
        auto task = connection.serve();
        stream.run(task);
        return stream.output();
    }

    basehttp::Limits limits;
    basehttp::Router router;
    ClientLog log;
    basehttp::Counters counters;
    basehttp::ServerContext context{limits, router, log, counters};
};

BOOST_FIXTURE_TEST_SUITE(proxies, Fixture)

BOOST_AUTO_TEST_CASE(each_request_has_its_own_client) {
    const std::string output =
        serve(wire::all("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n\r\n"
                        "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
                        "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: h\r\nX-Forwarded-For: 192.0.2.2\r\n\r\n"));
    const std::vector<std::string> expected{"192.0.2.1 127.0.0.1 h 200", "127.0.0.1 127.0.0.1 h 200",
                                            "192.0.2.2 127.0.0.1 h 200"};
    BOOST_TEST(log.lines == expected, boost::test_tools::per_element());
    BOOST_TEST(output.contains("\r\n\r\nhttps 192.0.2.1"));
    BOOST_TEST(output.contains("\r\n\r\nhttp 127.0.0.1"));
    BOOST_TEST(output.contains("\r\n\r\nhttp 192.0.2.2"));
}

BOOST_AUTO_TEST_CASE(rules_are_about_the_client) {
    serve(wire::all("GET /closed HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"));
    BOOST_TEST(log.lines.at(0) == "192.0.2.1 127.0.0.1 h 403");
    BOOST_TEST(log.errors.at(0).starts_with("192.0.2.1: code 403"));
}

// The buffer has no room for the content: the head moves, with the fields that proxies have set.
BOOST_AUTO_TEST_CASE(content_after_a_head_that_fills_the_buffer) {
    for (const std::size_t padding : {std::size_t{3000}, basehttp::InputBuffer::kFirstCapacity - 200}) {
        log.lines.clear();
        const std::string head =
            "POST / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: h\r\nX-Forwarded-For: 192.0.2.1\r\n"
            "Content-Length: 5\r\nX: " +
            std::string(padding, 'x') + "\r\n\r\n";
        serve(wire::all(head + "hello"));
        BOOST_TEST(log.lines.at(0) == "192.0.2.1 127.0.0.1 h 200");
    }
}

// A head that is refused says nothing for certain.
BOOST_AUTO_TEST_CASE(a_head_that_is_refused) {
    serve(wire::all("GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\nHost : h\r\n\r\n"));
    BOOST_TEST(log.lines.at(0).starts_with("127.0.0.1 127.0.0.1 "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
