#include "basehttp/server/connection_set.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using basehttp::ClientAddress;
using basehttp::ConnectionSet;
using basehttp::SocketAddress;
using basehttp::UniqueFd;

struct Hello : basehttp::RequestHandler {
    basehttp::Task<> do_GET() {
        send_response(200);
        end_headers();
        co_await write("hello");
    }
    basehttp::Task<> do_DELETE() {
        co_await flush();
        throw std::runtime_error("broken");
    }
};

struct TestLog final : basehttp::Log {
    void access(const basehttp::AccessRecord&) override {
        if (throws) throw std::runtime_error("no room for the log");
    }
    void error(const basehttp::ErrorRecord& record) override {
        if (error_throws) throw 1;
        last_error = record.text;
    }
    bool throws = false;
    bool error_throws = false;
    std::string last_error;
};

struct Fixture {
    Fixture() {
        set.on_change = [this] { ++changes; };
    }
    UniqueFd connect() {
        std::array<int, 2> fds{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
        set.open(UniqueFd(fds[0]), SocketAddress(), SocketAddress());
        return UniqueFd(fds[1]);
    }
    void send(const UniqueFd& client, std::string_view text) {
        BOOST_REQUIRE(::send(client.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
        loop.run_once(0ms);
    }
    static std::string receive(const UniqueFd& client) {
        std::string text(10'000, '\0');
        const ssize_t got = ::recv(client.get(), text.data(), text.size(), 0);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }

    basehttp::Limits limits;
    basehttp::Router router{basehttp::handler<Hello>()};
    TestLog log;
    basehttp::Counters counters;
    basehttp::EventLoop loop;
    basehttp::ServerContext context{limits, router, log, counters};
    ConnectionSet set{loop, context};
    int changes = 0;
};

BOOST_FIXTURE_TEST_CASE(the_longest_idle_one_is_closed, Fixture) {
    int room_changes = 0;
    set.on_room_change = [&] { ++room_changes; };
    std::array<UniqueFd, 4> clients;
    for (UniqueFd& client : clients)
        client = connect();
    BOOST_TEST(!set.can_make_room());  // their first requests are on their way
    BOOST_TEST(!set.close_longest_idle());
    for (const int i : {0, 1, 2, 0}) {
        send(clients[static_cast<std::size_t>(i)], "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        receive(clients[static_cast<std::size_t>(i)]);
    }
    send(clients[3], "GET / HT");
    BOOST_TEST(set.can_make_room());
    // On the one that has waited the longest a request has come that was not read yet.
    BOOST_REQUIRE(::send(clients[1].get(), "GET", 3, 0) == 3);
    BOOST_TEST(set.close_longest_idle());
    BOOST_TEST(set.size() == 3U);
    char byte = 0;
    BOOST_TEST(::recv(clients[2].get(), &byte, 1, 0) == 0);
    loop.run_once(0ms);
    BOOST_TEST(set.close_longest_idle());
    BOOST_TEST(::recv(clients[0].get(), &byte, 1, 0) == 0);
    BOOST_TEST(!set.can_make_room());  // the others are within a request
    BOOST_TEST(!set.close_longest_idle());
    BOOST_TEST(set.size() == 2U);
    BOOST_TEST(room_changes == 2);
}

BOOST_FIXTURE_TEST_CASE(one_that_never_asks_goes_before_those_that_did, Fixture) {
    const auto kept = connect();
    send(kept, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    receive(kept);
    const auto silent = connect();
    for (const auto since = loop.now(); loop.now() - since < 600ms;)  // more than half a second
        loop.run_once(100ms);
    BOOST_TEST(set.close_longest_idle());
    char byte = 0;
    BOOST_TEST(::recv(silent.get(), &byte, 1, 0) == 0);
    loop.run_once(0ms);
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(set.close_longest_idle());
    BOOST_TEST(::recv(kept.get(), &byte, 1, 0) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_connection_from_its_first_byte_to_its_last, Fixture) {
    auto client = connect();
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(counters.connections == 1U);
    send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(receive(client).ends_with("hello"));
    BOOST_TEST(set.size() == 1U);
    client.reset();
    loop.run_once(0ms);
    BOOST_TEST(set.size() == 0U);
    BOOST_TEST(changes == 1);
    BOOST_TEST(counters.connections == 0U);
    BOOST_TEST(counters.accepted == 1U);
    BOOST_TEST(counters.requests == 1U);
    BOOST_TEST(counters.body_bytes == 5U);
}

BOOST_FIXTURE_TEST_CASE(only_idle_connections_are_closed, Fixture) {
    const auto fresh = connect();
    const auto kept = connect();
    const auto half = connect();
    send(kept, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    send(half, "GET / HT");
    BOOST_TEST(set.size() == 3U);
    set.close_idle();
    BOOST_TEST(set.size() == 2U);  // the first request of `fresh` may be on its way
    BOOST_TEST(changes == 1);
    context.draining = true;
    send(half, "TP/1.0\r\n\r\n");
    BOOST_TEST(receive(half).ends_with("hello"));
    send(fresh, "GET / HTTP/1.0\r\n\r\n");
    BOOST_TEST(receive(fresh).ends_with("hello"));
    BOOST_TEST(set.size() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_new_connection_that_stays_silent_is_closed_too, Fixture) {
    const auto fresh = connect();
    set.close_idle();
    BOOST_TEST(set.size() == 1U);
    while (set.size() > 0)
        loop.run_once(10'000ms);
    char byte = 0;
    BOOST_TEST(::recv(fresh.get(), &byte, 1, 0) == 0);
}

BOOST_AUTO_TEST_CASE(a_set_may_go_with_its_connections_in_any_state) {
    UniqueFd fresh;
    UniqueFd half;
    {
        Fixture fixture;
        fresh = fixture.connect();
        half = fixture.connect();
        fixture.send(half, "GET / HT");
    }
    char byte = 0;
    BOOST_TEST(::recv(fresh.get(), &byte, 1, 0) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_log_that_throws_costs_its_own_connection, Fixture) {
    log.throws = true;
    const auto client = connect();
    const auto other = connect();
    send(client, "GET /\r\n");
    BOOST_TEST(log.last_error.find("no room for the log") != std::string::npos);
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(counters.busy == 0U);
    log.throws = false;
    send(other, "GET /\r\n");
    BOOST_TEST(receive(other) == "hello");
}

BOOST_FIXTURE_TEST_CASE(so_does_one_that_throws_in_mid_request, Fixture) {
    log.error_throws = true;
    const auto client = connect();
    const auto other = connect();
    send(client, "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(counters.busy == 0U);
    send(other, "GET /\r\n");
    BOOST_TEST(receive(other) == "hello");
}

BOOST_AUTO_TEST_CASE(addresses_of_clients) {
    const auto v4 = client_address(SocketAddress::parse("192.0.2.1:80").value());
    BOOST_TEST(v4.text() == "192.0.2.1");
    BOOST_TEST(v4.port == 80);
    const auto v6 = client_address(SocketAddress::parse("[2001:db8::1]:81").value());
    BOOST_TEST(v6.text() == "2001:db8::1");
    BOOST_TEST(v6.port == 81);
    const auto mapped = client_address(SocketAddress::parse("[::ffff:192.0.2.1]:82").value());
    BOOST_TEST(mapped.text() == "192.0.2.1");
    BOOST_TEST(mapped.port == 82);
    BOOST_TEST(client_address(SocketAddress::parse("unix:/x").value()).text() == "unix:");
    BOOST_TEST(client_address(SocketAddress()).text() == "unix:");
}

}  // namespace
