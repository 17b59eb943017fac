// The parent of worker processes: what it waits for, what it tells the service manager, and whom it ends.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/listen.h"
#include "basehttp/server/http_server.h"
#include "tests/unit/client.h"

namespace {

using namespace std::chrono_literals;
using basehttp::HttpServer;
using basehttp::RequestHandler;
using basehttp::ServerOptions;
using basehttp::Task;
using basehttp::UniqueFd;
using basehttp_test::Client;

constexpr std::string_view kGet = "GET / HTTP/1.0\r\n\r\n";

struct Handler : RequestHandler {
    Task<> do_GET() {
        if (path() == "/deadly") ::kill(::getpid(), SIGKILL);
        while (path() == "/stuck")
            ::pause();
        send_content(200, "text/plain", std::to_string(::getpid()));
        co_return;
    }
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::pipe(ends.data()) == 0);
        reading.reset(ends[0]);
        writing.reset(ends[1]);
    }
    void put() const { BOOST_REQUIRE(::write(writing.get(), "x", 1) == 1); }
    void take() const {
        char byte = 0;
        BOOST_REQUIRE(::read(reading.get(), &byte, 1) == 1);
    }
    UniqueFd reading;
    UniqueFd writing;
};

// Error texts and lost requests, one a line, through a pipe: other processes log as well.
struct PipeLog final : basehttp::Log {
    void access(const basehttp::AccessRecord& record) override {
        if (record.ending == basehttp::Ending::worker_died) put("lost: " + std::string(record.request_line));
    }
    using Log::error;
    void error(const basehttp::ErrorRecord& record) override { put(record.text); }
    void put(std::string_view text) const {
        const std::string line = std::string(text) + "\n";
        BOOST_REQUIRE(::write(pipe.writing.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()));
    }
    std::string next_line() const {
        std::string line;
        for (char byte = 0; byte != '\n'; line += byte)
            BOOST_REQUIRE(::read(pipe.reading.get(), &byte, 1) == 1);
        return line;
    }
    Pipe pipe;
};

// A server whose parent is a process of its own.
struct Supervised {
    Supervised(ServerOptions options, PipeLog& log) {
        options.port = 0;
        options.log = &log;
        options.stop_on = {SIGTERM};
        HttpServer server(std::move(options), basehttp::handler<Handler>());
        port = server.port();
        parent = ::fork();
        if (parent != 0) return;
        server.serve_forever();
        ::_exit(42);
    }
    ~Supervised() {
        if (parent > 0) ::kill(parent, SIGKILL);
        if (parent > 0) ::waitpid(parent, nullptr, 0);
    }
    void stop() {
        int status = 0;
        ::kill(parent, SIGTERM);
        ::waitpid(std::exchange(parent, -1), &status, 0);
        BOOST_TEST(WIFEXITED(status));
        BOOST_TEST(WEXITSTATUS(status) == 42);
    }
    std::string ask() const {
        const std::string answer = Client(port).ask(kGet);
        return answer.substr(answer.find("\r\n\r\n") + 4);
    }
    std::uint16_t port = 0;
    pid_t parent = -1;
};

// The service manager's end of $NOTIFY_SOCKET.
struct Manager {
    Manager() : socket(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        const std::string path = std::filesystem::absolute("supervising_test." + std::to_string(::getpid())).string();
        const auto address = basehttp::SocketAddress::parse("unix:" + path).value();
        BOOST_REQUIRE(::bind(socket.get(), address.get(), address.size()) == 0);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ~Manager() {
        ::unlink(std::getenv("NOTIFY_SOCKET"));
        ::unsetenv("NOTIFY_SOCKET");
    }
    std::string hear(int flags = 0) const {
        std::array<char, 256> text{};
        const ssize_t size = ::recv(socket.get(), text.data(), text.size(), flags);
        return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
    }
    UniqueFd socket;
};

BOOST_AUTO_TEST_CASE(it_is_ready_when_each_worker_is) {
    const Manager manager;
    const Pipe started;
    const Pipe released;
    PipeLog log;
    const auto wait = [&] {
        started.put();
        released.take();
    };
    Supervised server({.stop_timeout = 20s, .processes = 2, .in_worker = wait, .notify = true}, log);
    started.take();
    started.take();
    released.put();
    BOOST_TEST(!server.ask().empty());  // of the one that serves
    BOOST_TEST(manager.hear(MSG_DONTWAIT).empty());
    released.put();
    BOOST_TEST(manager.hear() == "READY=1\nSTATUS=2 workers serve 127.0.0.1:" + std::to_string(server.port));
    server.stop();
    BOOST_TEST(manager.hear() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000");
}

BOOST_AUTO_TEST_CASE(the_service_managers_watchdog_hears_the_parent) {
    ::setenv("WATCHDOG_USEC", "20000", 1);
    PipeLog log;
    for (const unsigned processes : {0U, 1U}) {
        const Manager manager;
        Supervised server({.processes = processes, .notify = true}, log);
        BOOST_TEST(manager.hear().starts_with("READY=1\n"));
        BOOST_TEST(manager.hear() == "WATCHDOG=1");
        BOOST_TEST(manager.hear() == "WATCHDOG=1");
        server.stop();
        std::string text = manager.hear();
        while (text == "WATCHDOG=1")
            text = manager.hear();
        BOOST_TEST(text.starts_with("STOPPING=1\n"));
    }
    ::unsetenv("WATCHDOG_USEC");
}

BOOST_AUTO_TEST_CASE(nobody_is_told_unasked) {
    const Manager manager;
    PipeLog log;
    Supervised server({.processes = 1}, log);
    BOOST_TEST(!server.ask().empty());
    server.stop();
    BOOST_TEST(manager.hear(MSG_DONTWAIT).empty());
}

BOOST_AUTO_TEST_CASE(a_worker_that_cannot_begin_ends_the_start) {
    PipeLog log;
    HttpServer server(
        {.port = 0, .processes = 2, .in_worker = [] { throw std::runtime_error("no database"); }, .log = &log},
        basehttp::handler<Handler>());
    for (int i = 0; i < 2; ++i) {  // again, as a program may
        BOOST_CHECK_EXCEPTION(server.serve_forever(), std::runtime_error, [](const std::runtime_error& error) {
            return std::string_view(error.what()).ends_with(" ended with code 1 before it served");
        });
    }
    BOOST_TEST(log.next_line().ends_with(": no database\n"));
    BOOST_TEST(::waitpid(-1, nullptr, WNOHANG) == -1);
}

BOOST_AUTO_TEST_CASE(requests_that_are_lost_with_a_worker_are_logged) {
    PipeLog log;
    Supervised server({.processes = 1}, log);
    const std::string worker = server.ask();
    const Client half(server.port);
    half.send("GET /half HTTP/1.1\r\nHost: h\r\nX: ");
    BOOST_TEST(server.ask() == worker);  // and has read that by now
    BOOST_TEST(Client(server.port).ask("GET /deadly HTTP/1.1\r\nHost: example.org\r\n\r\n").empty());
    const std::string how = "worker " + worker + " was killed by signal 9";
    BOOST_TEST(log.next_line() == how + " with 2 requests in flight\n");
    BOOST_TEST(log.next_line() == "lost: GET /deadly HTTP/1.1\n");
    BOOST_TEST(log.next_line() == "lost: GET /half HTTP/1.1\n");
    BOOST_TEST(log.next_line() == how +
                                      " in the middle of \"GET /deadly HTTP/1.1\" for example.org from 127.0.0.1, " +
                                      "which it was working on\n");
    BOOST_TEST(log.next_line() == how + " in the middle of \"GET /half HTTP/1.1\" from 127.0.0.1\n");
    server.stop();
}

BOOST_AUTO_TEST_CASE(a_worker_that_stands_still_is_replaced) {
    PipeLog log;
    const auto as_in_programs = [] { std::signal(SIGABRT, SIG_DFL); };  // Boost has a handler
    Supervised server({.processes = 1, .in_worker = as_in_programs, .watchdog = 500ms}, log);
    const std::string stuck = server.ask();
    BOOST_TEST(Client(server.port).ask("GET /stuck HTTP/1.0\r\n\r\n").empty());
    BOOST_TEST(log.next_line() == "worker " + stuck + " has hung for more than 500 ms and is aborted, working on " +
                                      "\"GET /stuck HTTP/1.0\" from 127.0.0.1\n");
    BOOST_TEST(log.next_line() == "worker " + stuck + " was killed by signal 6 with a request in flight\n");
    BOOST_TEST(server.ask() != stuck);
    server.stop();
}

}  // namespace
