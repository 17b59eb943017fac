// Connections that begin with a header of the PROXY protocol, and those that should.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/wire/transcript.h"

namespace {

using namespace std::string_literals;

const std::string kHeader = "PROXY TCP4 192.0.2.7 192.0.2.8 4711 80\r\n";
const std::string kHeader2 = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x08\x12\x67\0\x50"s;
const std::string kLocal = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"s;
const std::string kRequest = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

class ClientLog final : public basehttp::Log {
  public:
    void access(const basehttp::AccessRecord& record) override {
        lines.push_back(record.client.text() + ' ' + std::to_string(record.client.port) + ' ' + record.peer.text() +
                        ' ' + std::to_string(record.status));
    }
    void error(const basehttp::ErrorRecord& record) override { errors.emplace_back(record.text); }

    std::vector<std::string> lines;
    std::vector<std::string> errors;
};

struct Fixture {
    // On a connection of a process of its own, so to speak.
    std::string serve(const std::deque<wire::Arrival>& arrivals) {
        basehttp::ServerContext context(server.limits, server.router, log, server.counters);
        context.trusted_proxies = proxies;
        wire::ScriptedStream stream(arrivals);
        basehttp::Connection connection(context, stream, basehttp::ClientAddress::parse("127.0.0.1").value(), 7, {},
                                        basehttp::ProxyProtocol::required);
        auto task = connection.serve();
        stream.run(task);
        return stream.output();
    }

    wire::Server server;
    basehttp::TrustedProxies proxies;
    ClientLog log;
};

BOOST_FIXTURE_TEST_SUITE(proxy_protocol, Fixture)

BOOST_AUTO_TEST_CASE(a_header_names_the_client_of_all_requests) {
    for (const std::string& header : {kHeader, kHeader2}) {
        const auto arrivals = wire::all(header + kRequest + kRequest);
        for (const auto& each : {arrivals, wire::byte_by_byte(arrivals), wire::split_at(arrivals, header.size())}) {
            log.lines.clear();
            serve(each);
            BOOST_TEST(log.lines.size() == 2U);
            for (const std::string& line : log.lines)
                BOOST_TEST(line == "192.0.2.7 4711 127.0.0.1 200");
        }
    }
    BOOST_TEST(log.errors.empty());
}

BOOST_AUTO_TEST_CASE(a_proxy_that_speaks_for_itself) {
    serve(wire::all(kLocal + kRequest));
    BOOST_TEST(log.lines.at(0) == "127.0.0.1 0 127.0.0.1 200");
}

// Whom the header names can be a proxy that is trusted, too.
BOOST_AUTO_TEST_CASE(fields_of_a_proxy_that_is_trusted) {
    proxies.networks = {basehttp::AddressRange::parse("192.0.2.7").value()};
    const std::string request = "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n";
    serve(wire::all(kHeader + request));
    serve(wire::all(kLocal + request));
    BOOST_TEST(log.lines.at(0) == "203.0.113.5 0 127.0.0.1 200");
    BOOST_TEST(log.lines.at(1) == "127.0.0.1 0 127.0.0.1 200");
}

BOOST_AUTO_TEST_CASE(others_are_closed_and_told_of) {
    for (const std::string& bytes : {kRequest, "\r\n" + kHeader + kRequest, "PROXY TCP4 a b 1 2\r\n" + kRequest})
        BOOST_TEST(serve(wire::all(bytes)) == "");
    BOOST_TEST(log.lines.empty());
    BOOST_TEST(log.errors.at(0) ==
               "127.0.0.1: connection closed: it begins with something other than a PROXY header");
}

BOOST_AUTO_TEST_CASE(headers_that_do_not_end) {
    BOOST_TEST(serve(wire::all(kHeader.substr(0, 20))) == "");
    BOOST_TEST(log.errors.at(0) == "127.0.0.1: connection closed: it begins with a PROXY header that does not end");
    BOOST_TEST(serve(wire::open(kHeader.substr(0, 20))) == "");  // the deadline passes
    BOOST_TEST(serve(wire::all("")) == "");
    BOOST_TEST(log.errors.size() == 2U);
}

// A second header is no request.
BOOST_AUTO_TEST_CASE(one_header_alone) {
    const std::string output = serve(wire::all(kHeader + kHeader + kRequest));
    BOOST_TEST((output.starts_with("HTTP/1.1 400 ") || output.starts_with("HTTP/1.1 505 ")));
}

BOOST_AUTO_TEST_CASE(lines_are_bounded) {
    basehttp::Counters counters;
    basehttp::ServerContext context(server.limits, server.router, log, counters);
    for (int i = 0; i < 100; ++i) {
        wire::ScriptedStream stream(wire::all(kRequest));
        basehttp::Connection connection(context, stream, {}, 7, {}, basehttp::ProxyProtocol::required);
        auto task = connection.serve();
        stream.run(task);
    }
    BOOST_TEST(log.errors.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
