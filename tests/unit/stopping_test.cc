// How an HttpServer is told to stop, where it listens, and what becomes of its processes: over real sockets, the
// server on a thread or in a process of its own.
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "basehttp/server/http_server.h"
#include "tests/unit/client.h"

namespace {

using namespace std::chrono_literals;
using basehttp::HttpServer;
using basehttp::RequestHandler;
using basehttp::ServerOptions;
using basehttp::SocketAddress;
using basehttp::Task;
using basehttp_test::Client;

HttpServer* serving = nullptr;

struct Handler : RequestHandler {
    Task<> do_GET() {
        if (path() == "/stop") serving->stop();
        if (path() == "/none") co_return send_error(404);
        while (path() == "/careless") {
            co_await sleep(1h);  // and does not look at what that says
        }
        if (path() == "/blocking")
            co_await run_blocking([] {
                serving->stop_now();
                std::this_thread::yield();
            });
        send_content(200, "text/plain", std::to_string(::getpid()));
    }
    Task<> do_POST() {
        const auto body = co_await read_all(100);
        if (!body) co_return;
        send_content(200, "text/plain", *body);
    }
};

struct EndingsLog final : basehttp::Log {
    void access(const basehttp::AccessRecord& record) override { endings.push_back(record.ending); }
    using Log::error;
    void error(const basehttp::ErrorRecord&) override { ++messages; }
    int messages = 0;
    std::vector<basehttp::Ending> endings;
};

constexpr const char* kHalf = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nspam";

// A server on a thread of its own.
struct Running {
    explicit Running(ServerOptions options = {})
        : server(on_free_port(std::move(options), log), basehttp::handler<Handler>()) {
        serving = &server;
        port = server.port();
        thread = std::thread([this] { server.serve_forever(); });
    }
    ~Running() {
        server.stop_now();
        join();
    }
    static ServerOptions on_free_port(ServerOptions options, EndingsLog& log) {
        options.port = 0;
        options.log = &log;
        return options;
    }
    void join() {
        if (thread.joinable()) thread.join();
    }
    void until_busy() const {
        while (server.counters().busy != 1)
            std::this_thread::yield();
    }
    EndingsLog log;
    HttpServer server;
    std::uint16_t port = 0;
    std::thread thread;
};

BOOST_AUTO_TEST_CASE(a_request_under_way_is_finished) {
    Running running;
    const Client idle(running.port);
    const Client half(running.port);
    half.send(kHalf);
    running.until_busy();
    running.server.stop();
    BOOST_TEST(idle.rest().empty());  // closed: the stop has begun
    BOOST_TEST(!Client(running.port).connected);
    half.send("spam");
    BOOST_TEST(half.rest().ends_with("\r\n\r\nspamspam"));
    running.join();
    BOOST_TEST((running.log.endings == std::vector{basehttp::Ending::complete}));
    BOOST_CHECK_THROW(running.server.serve_forever(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_handler_may_stop_the_server) {
    Running running;
    BOOST_TEST(Client(running.port).ask("GET /stop HTTP/1.1\r\nHost: h\r\n\r\n").starts_with("HTTP/1.1 200"));
    running.join();
}

BOOST_AUTO_TEST_CASE(what_takes_longer_than_the_timeout_is_cut) {
    Running running({.stop_timeout = 1ms});
    const Client half(running.port);
    half.send(kHalf);
    running.until_busy();
    running.server.stop();
    running.join();
    half.rest();
    BOOST_TEST((running.log.endings == std::vector{basehttp::Ending::aborted}));
}

BOOST_AUTO_TEST_CASE(a_blocking_call_is_waited_for) {
    Running running;
    const Client client(running.port);
    client.send("GET /blocking HTTP/1.1\r\nHost: h\r\n\r\n");
    running.join();
}

BOOST_AUTO_TEST_CASE(a_handler_that_sleeps_again_and_again_holds_up_no_stop) {
    Running running;
    const Client client(running.port);
    client.send("GET /careless HTTP/1.1\r\nHost: h\r\n\r\n");
    running.until_busy();
    running.server.stop_now();
    running.join();
}

BOOST_AUTO_TEST_CASE(the_log_is_given_what_is_severe_enough) {
    for (const auto& [level, messages] : {std::pair{basehttp::Severity::debug, 1}, {basehttp::Severity::info, 0}}) {
        Running running({.log_level = level});
        BOOST_TEST(Client(running.port).ask("GET /none HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404"));
        running.server.stop();
        running.join();
        BOOST_TEST(running.log.messages == messages);
    }
}

BOOST_AUTO_TEST_CASE(a_stop_that_comes_first_counts) {
    EndingsLog log;
    HttpServer server({.port = 0, .log = &log}, basehttp::handler<Handler>());
    server.stop();
    server.serve_forever();
}

BOOST_AUTO_TEST_CASE(signals_stop_the_server_and_are_given_back) {
    EndingsLog log;
    sigset_t mask;
    {
        HttpServer server({.port = 0, .stop_on = {SIGUSR1, SIGTERM}, .log = &log}, basehttp::handler<Handler>());
        ::raise(SIGUSR1);
        server.serve_forever();
        ::raise(SIGTERM);  // would end this test if it were not dropped
    }
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    BOOST_TEST(::sigismember(&mask, SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(the_second_signal_waits_for_nothing) {
    EndingsLog log;
    HttpServer server({.port = 0, .stop_on = {SIGUSR1}, .stop_timeout = 1h, .log = &log},
                      basehttp::handler<Handler>());
    const auto port = server.port();
    std::thread thread([&] { server.serve_forever(); });
    const Client half(port);
    half.send(kHalf);
    while (server.counters().busy != 1)
        std::this_thread::yield();
    ::kill(::getpid(), SIGUSR1);
    while (Client(port).connected)
        std::this_thread::yield();
    ::kill(::getpid(), SIGUSR1);
    thread.join();
    BOOST_TEST((log.endings == std::vector{basehttp::Ending::aborted}));
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_removed_afterwards) {
    const std::string path = "stopping_test." + std::to_string(::getpid());
    const auto address = SocketAddress::parse("unix:" + std::filesystem::absolute(path).string()).value();
    EndingsLog log;
    {
        HttpServer server({.listen = {address.text()}, .log = &log}, basehttp::handler<Handler>());
        std::thread thread([&] { server.serve_forever(); });
        BOOST_TEST(Client(address).ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200"));
        server.stop();
        thread.join();
        BOOST_TEST(!std::filesystem::exists(path));  // from now on it may be another server's
    }
    {
        HttpServer unused({.listen = {address.text()}, .log = &log}, basehttp::handler<Handler>());
        BOOST_TEST(std::filesystem::exists(path));
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(several_addresses) {
    const auto path = std::filesystem::absolute("stopping_test." + std::to_string(::getpid())).string();
    Running running({.listen = {"unix:" + path, "127.0.0.1:0", "[::1]:0"}});
    const auto address = SocketAddress::parse("unix:" + path).value();
    BOOST_TEST(running.port != 0);
    BOOST_TEST(Client(running.port).ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200"));
    const Client half(address);
    half.send(kHalf);
    running.until_busy();
    running.server.stop();
    while (Client(running.port).connected)
        std::this_thread::yield();
    BOOST_TEST(!Client(address).connected);
    half.send("spam");
    BOOST_TEST(half.rest().ends_with("\r\n\r\nspamspam"));
    running.join();
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(one_address_that_cannot_be_had_leaves_none_behind) {
    const auto path = std::filesystem::absolute("stopping_test." + std::to_string(::getpid())).string();
    BOOST_CHECK_THROW(HttpServer({.listen = {"unix:" + path, "localhost:0"}}, basehttp::handler<Handler>()),
                      std::invalid_argument);
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_listener_of_somebody_else) {
    auto socket = basehttp::listen_on(SocketAddress::parse("127.0.0.1:0").value());
    BOOST_REQUIRE(socket.has_value());
    Running running({.listeners = {socket->release()}});
    BOOST_TEST(Client(running.port).ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200"));
    BOOST_CHECK_THROW(HttpServer({.listeners = {::socket(AF_INET, SOCK_STREAM, 0)}}, basehttp::handler<Handler>()),
                      std::invalid_argument);
    BOOST_CHECK_THROW(HttpServer({.listeners = {1'000'000}}, basehttp::handler<Handler>()), std::system_error);
}

BOOST_AUTO_TEST_CASE(two_servers_share_a_port) {
    EndingsLog log;
    using basehttp::PortSharing;
    HttpServer first({.port = 0, .port_sharing = PortSharing::yes, .log = &log}, basehttp::handler<Handler>());
    HttpServer second({.port = first.port(), .port_sharing = PortSharing::yes, .log = &log},
                      basehttp::handler<Handler>());
    BOOST_TEST(second.port() == first.port());
}

BOOST_AUTO_TEST_CASE(workers_are_replaced_and_stop_together) {
    EndingsLog log;
    std::array<int, 2> started{};
    BOOST_REQUIRE(::pipe(started.data()) == 0);
    HttpServer server({.port = 0,
                       .stop_on = {SIGTERM},
                       .processes = 2,
                       .in_worker = [&] { BOOST_REQUIRE(::write(started[1], "w", 1) == 1); },
                       .log = &log},
                      basehttp::handler<Handler>());
    const auto port = server.port();
    const pid_t parent = ::fork();
    if (parent == 0) {
        server.serve_forever();
        ::_exit(42);
    }
    const auto worker = [port] {
        const std::string answer = Client(port).ask("GET / HTTP/1.0\r\n\r\n");
        return std::stoi(answer.substr(answer.find("\r\n\r\n") + 4));
    };
    const auto await_start = [&started] {
        char byte = 0;
        BOOST_REQUIRE(::read(started[0], &byte, 1) == 1);
    };
    await_start();
    await_start();
    const pid_t first = worker();
    BOOST_TEST(first != parent);
    BOOST_TEST(::kill(first, SIGKILL) == 0);
    await_start();  // another in its place
    BOOST_TEST(worker() != first);
    BOOST_TEST(::kill(parent, SIGTERM) == 0);
    int status = 0;
    ::waitpid(parent, &status, 0);
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 42);
}

BOOST_AUTO_TEST_CASE(workers_go_with_their_parent) {
    EndingsLog log;
    HttpServer server({.port = 0, .processes = 1, .log = &log}, basehttp::handler<Handler>());
    const auto port = server.port();
    const pid_t parent = ::fork();
    if (parent == 0) {
        server.serve_forever();
        ::_exit(0);
    }
    const Client client(port);
    BOOST_TEST(client.ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200"));
    const Client kept(port);
    kept.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    std::array<char, 12> head;
    BOOST_REQUIRE(::recv(kept.socket.get(), head.data(), head.size(), MSG_WAITALL) == 12);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    kept.rest();  // ends when the worker does
}

}  // namespace
