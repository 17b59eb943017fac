// HttpServer over real sockets, on a port that the kernel chose, in a process of its own.
#include "basehttp/server/http_server.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using basehttp::HttpServer;
using basehttp::RequestHandler;
using basehttp::SocketAddress;
using basehttp::Task;
using basehttp::UniqueFd;

HttpServer* serving = nullptr;

struct Handler : RequestHandler {
    Task<> do_GET() {
        if (path() == "/stop") serving->stop();
        send_response(200);
        end_headers();
        const std::string content(path() == "/large" ? 3'000'000 : 5, 'x');
        co_await write(content);
    }
    Task<> do_POST() {
        const auto body = co_await read_all(1'000'000);
        if (!body) co_return;
        send_response(200);
        end_headers();
        co_await write(*body);
    }
};

struct NoLog final : basehttp::Log {
    void access(const basehttp::AccessRecord&) override {}
    void error(const basehttp::ErrorRecord&) override { ++errors; }
    int errors = 0;
};

// Serves in a child process until /stop is asked for.
struct Fixture {
    explicit Fixture(basehttp::Limits limits = {}) {
        NoLog log;
        HttpServer server({.port = 0, .limits = limits, .log = &log}, basehttp::handler<Handler>());
        port = server.port();
        serving = &server;
        child = ::fork();
        if (child != 0) return;
        server.serve_forever();
        ::_exit(server.counters().connections == 0 ? 0 : 3);
    }
    ~Fixture() {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }
    UniqueFd connect() const {
        const auto address = SocketAddress::parse("127.0.0.1:" + std::to_string(port)).value();
        UniqueFd client(::socket(AF_INET, SOCK_STREAM, 0));
        BOOST_REQUIRE(::connect(client.get(), address.get(), address.size()) == 0);
        return client;
    }
    // All that the server sends for `request` until it closes.
    static std::string converse(const UniqueFd& client, std::string_view request) {
        BOOST_REQUIRE(::send(client.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(request.size()));
        std::string all;
        std::array<char, 65536> piece;
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(client.get(), piece.data(), piece.size(), 0);
            if (got > 0) all.append(piece.data(), static_cast<std::size_t>(got));
        }
        return all;
    }
    std::string ask(std::string_view request) const { return converse(connect(), request); }

    std::uint16_t port = 0;
    pid_t child = -1;
};

std::string body_of(const std::string& response) {
    return response.substr(response.find("\r\n\r\n") + 4);
}

BOOST_FIXTURE_TEST_CASE(answers, Fixture) {
    BOOST_TEST(ask("GET /\r\n") == "xxxxx");
    BOOST_TEST(body_of(ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")) == "xxxxx");
}

BOOST_FIXTURE_TEST_CASE(a_large_answer_to_a_slow_reader, Fixture) {
    BOOST_TEST(body_of(ask("GET /large HTTP/1.0\r\n\r\n")).size() == 3'000'000U);
}

BOOST_FIXTURE_TEST_CASE(a_large_request, Fixture) {
    const std::string body(900'000, 'y');
    BOOST_TEST((body_of(ask("POST / HTTP/1.0\r\nContent-Length: 900000\r\n\r\n" + body)) == body));
}

// Unread bytes would make the kernel reset the connection, and the answer could be lost.
BOOST_FIXTURE_TEST_CASE(an_error_answer_reaches_a_client_that_still_sends, Fixture) {
    for (int i = 0; i < 50; ++i) {
        const auto response =
            ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + std::string(500'000, 'x'));
        BOOST_REQUIRE(response.starts_with("HTTP/1.1 413 "));
        BOOST_REQUIRE(response.ends_with("</html>\n"));
    }
}

BOOST_FIXTURE_TEST_CASE(connections_side_by_side, Fixture) {
    std::vector<UniqueFd> clients;
    for (int i = 0; i < 100; ++i)
        clients.push_back(connect());
    for (const UniqueFd& client : clients)
        BOOST_REQUIRE(Fixture::converse(client, "GET /\r\n") == "xxxxx");
}

struct OneConnection : Fixture {
    OneConnection() : Fixture(one()) {}
    static basehttp::Limits one() {
        basehttp::Limits limits;
        limits.connections = 1;
        return limits;
    }
};

BOOST_FIXTURE_TEST_CASE(beyond_the_limit_connections_wait, OneConnection) {
    const auto first = connect();
    const auto second = connect();
    BOOST_REQUIRE(::send(second.get(), "GET /\r\n", 7, 0) == 7);
    BOOST_TEST(converse(first, "GET /\r\n") == "xxxxx");
    BOOST_TEST(converse(second, "\r\n") == "xxxxx");
}

struct TwoConnections : Fixture {
    TwoConnections() : Fixture(two()) {}
    static basehttp::Limits two() {
        basehttp::Limits limits;
        limits.connections = 2;
        limits.idle_timeout = limits.header_timeout = 1h;
        return limits;
    }
    // One that stays open after its answer.
    UniqueFd keep() const {
        constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        UniqueFd client = connect();
        BOOST_REQUIRE(::send(client.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(kRequest.size()));
        std::string all;
        std::array<char, 4096> piece;
        while (!all.ends_with("xxxxx")) {
            const ssize_t got = ::recv(client.get(), piece.data(), piece.size(), 0);
            BOOST_REQUIRE(got > 0);
            all.append(piece.data(), static_cast<std::size_t>(got));
        }
        return client;
    }
    static bool is_closed(const UniqueFd& client) {
        char byte = 0;
        return ::recv(client.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }
};

BOOST_FIXTURE_TEST_CASE(at_the_limit_the_longest_idle_one_makes_room, TwoConnections) {
    const auto first = keep();
    const auto second = keep();
    const auto third = keep();
    BOOST_TEST(is_closed(first));
    BOOST_TEST(!is_closed(second));
    const auto fourth = keep();
    BOOST_TEST(is_closed(second));
    BOOST_TEST(!is_closed(third));
}

BOOST_FIXTURE_TEST_CASE(one_that_becomes_idle_makes_room_for_those_that_wait, TwoConnections) {
    const auto half = connect();
    const auto other = connect();
    for (const UniqueFd* client : {&half, &other})
        BOOST_REQUIRE(::send(client->get(), "GET / HT", 8, 0) == 8);
    const auto waiting = connect();
    BOOST_REQUIRE(::send(waiting.get(), "GET /\r\n", 7, 0) == 7);
    const std::string answer = converse(half, "TP/1.1\r\nHost: h\r\n\r\n");  // until the server closes it
    BOOST_TEST(answer.ends_with("xxxxx"));
    BOOST_TEST(converse(waiting, "\r\n") == "xxxxx");
    BOOST_TEST(!is_closed(other));
}

BOOST_FIXTURE_TEST_CASE(silent_ones_make_room_as_well, TwoConnections) {
    const auto silent = connect();
    const auto too = connect();
    BOOST_TEST(ask("GET /\r\n") == "xxxxx");
    BOOST_TEST(is_closed(silent));
}

#ifndef __SANITIZE_ADDRESS__  // the sanitizer needs descriptors of its own
struct LimitLifted final : basehttp::Deadline {
    LimitLifted() {
        ::getrlimit(RLIMIT_NOFILE, &old);
        const int next = ::dup(0);
        ::close(next);
        const rlimit none{static_cast<rlim_t>(next), old.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    void on_deadline() override { ::setrlimit(RLIMIT_NOFILE, &old); }
    rlimit old{};
};

BOOST_AUTO_TEST_CASE(without_descriptors_it_pauses_instead_of_spinning) {
    NoLog log;
    HttpServer server({.port = 0, .log = &log}, basehttp::handler<Handler>());
    serving = &server;
    const auto address = SocketAddress::parse("127.0.0.1:" + std::to_string(server.port())).value();
    const UniqueFd client(::socket(AF_INET, SOCK_STREAM, 0));
    BOOST_REQUIRE(::connect(client.get(), address.get(), address.size()) == 0);
    BOOST_REQUIRE(::send(client.get(), "GET /stop\r\n", 11, 0) == 11);
    LimitLifted lifted;
    server.loop().arm(lifted, 5ms);
    server.serve_forever();
    BOOST_TEST(log.errors == 1);
}
#endif

BOOST_AUTO_TEST_CASE(what_cannot_be_had_throws) {
    NoLog log;
    HttpServer first({.port = 0, .log = &log}, basehttp::handler<Handler>());
    BOOST_CHECK_THROW(HttpServer({.port = first.port()}, basehttp::handler<Handler>()), std::system_error);
    BOOST_CHECK_THROW(HttpServer({.host = "localhost", .port = 0}, basehttp::handler<Handler>()),
                      std::invalid_argument);
    HttpServer v6({.host = "::1", .port = 0, .log = &log}, basehttp::handler<Handler>());
    BOOST_TEST(v6.port() != 0);
}

}  // namespace
