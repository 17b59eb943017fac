// A client that leaves costs its own connection, whatever the program does with SIGPIPE; and what it does with it
// stays as it was. Each case is a process of its own, in which the signal is deadly.
#include "basehttp/io/sigpipe.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include <csignal>
#include <functional>

#include "basehttp/server/http_server.h"
#include "tests/unit/socket_stream_fixture.h"

namespace {

using basehttp::EventLoop;
using basehttp::SigpipeBlocked;
using basehttp::SigpipeRestored;
using basehttp::SocketStream;
using basehttp::Task;
using basehttp::UniqueFd;

constexpr std::size_t kFileSize = 4 << 20;

enum class Mask { open, blocked };

// 0 where `body` returned true, 1 where false, 128 + N where signal N ended it.
int outcome_of(const std::function<bool()>& body, Mask mask = Mask::open) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGPIPE, SIG_DFL);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGPIPE);
        ::sigprocmask(mask == Mask::open ? SIG_UNBLOCK : SIG_BLOCK, &set, nullptr);
        ::_exit(body() ? 0 : 1);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool is_blocked() {
    sigset_t now;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
    return sigismember(&now, SIGPIPE) == 1;
}

bool is_pending() {
    sigset_t pending;
    ::sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

bool is_deadly() {
    struct sigaction action {};
    ::sigaction(SIGPIPE, nullptr, &action);
    return action.sa_handler == SIG_DFL;
}

UniqueFd large_file() {
    UniqueFd file(::memfd_create("large", MFD_CLOEXEC));
    BOOST_REQUIRE(::ftruncate(file.get(), kFileSize) == 0);
    return file;
}

bool write_fails_with_epipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return false;
    ::close(ends[0]);
    return ::write(ends[1], "x", 1) < 0 && errno == EPIPE;
}

BOOST_AUTO_TEST_CASE(the_signal_is_deadly_here) {
    BOOST_TEST(outcome_of(write_fails_with_epipe) == 128 + SIGPIPE);
}

BOOST_AUTO_TEST_CASE(a_file_for_a_client_that_has_left) {
    const UniqueFd file = large_file();
    BOOST_TEST(outcome_of([&] {
                   EventLoop loop;
                   auto [here, there] = socket_stream_fixture::local_pair();
                   SocketStream stream(loop, std::move(here));
                   there.reset();
                   const auto sent = stream.send_file_some(file.get(), 0, kFileSize);
                   return !sent && sent.error().code == EPIPE && is_deadly() && !is_blocked() && !is_pending();
               }) == 0);
}

struct Rounds final : basehttp::EventTarget {
    explicit Rounds(EventLoop& loop_in) : loop(loop_in) {}
    void on_events(std::uint32_t) override {
        good = body();
        loop.stop();
    }
    EventLoop& loop;
    std::function<bool()> body;
    bool good = false;
};

// Runs `body` within EventLoop::run().
bool in_the_loop(std::function<bool()> body) {
    EventLoop loop;
    Rounds rounds(loop);
    rounds.body = std::move(body);
    const auto ends = socket_stream_fixture::local_pair();
    if (!loop.add(ends[0].get(), EPOLLOUT, rounds)) return false;
    loop.run();
    loop.remove(ends[0].get(), rounds);
    return rounds.good;
}

BOOST_AUTO_TEST_CASE(the_loop_s_thread_has_it_blocked_and_gets_its_mask_back) {
    BOOST_TEST(outcome_of([] {
                   const bool good = in_the_loop([] {  // as a log does whose reader has left
                       return is_blocked() && write_fails_with_epipe() && is_pending();
                   });
                   return good && is_deadly() && !is_blocked() && !is_pending();
               }) == 0);
}

BOOST_AUTO_TEST_CASE(what_the_program_has_blocked_and_what_is_pending_stays) {
    BOOST_TEST(outcome_of(
                   [] {
                       ::raise(SIGPIPE);
                       const bool good = in_the_loop([] {
                           const SigpipeRestored as_before;
                           return is_blocked();
                       });
                       return good && is_blocked() && is_pending();
                   },
                   Mask::blocked) == 0);
}

BOOST_AUTO_TEST_CASE(a_handler_gives_its_children_the_program_s_mask) {
    BOOST_TEST(outcome_of([] {
                   return in_the_loop([] {
                       const bool written = write_fails_with_epipe();
                       {
                           const SigpipeRestored as_before;
                           if (is_blocked() || is_pending()) return false;
                       }
                       return written && is_blocked();
                   });
               }) == 0);
}

BOOST_AUTO_TEST_CASE(they_nest) {
    BOOST_TEST(outcome_of([] {
                   const SigpipeBlocked outer;
                   { const SigpipeBlocked inner; }
                   if (!is_blocked()) return false;
                   {
                       const SigpipeRestored as_before;
                       const SigpipeRestored and_again;
                       if (is_blocked()) return false;
                       const SigpipeBlocked within;
                       if (!is_blocked()) return false;
                   }
                   return is_blocked();
               }) == 0);
}

int served_file = -1;
int failure = 0;
basehttp::HttpServer* serving = nullptr;

struct Handler final : basehttp::RequestHandler {
    Task<> do_GET() {
        send_response(200);
        end_headers();
        const auto sent = co_await send_file(served_file, 0, kFileSize);
        if (sent) co_return;
        failure = sent.error().code;
        serving->stop();
    }
};

// The client ends its side, so that what becomes of the connection afterwards is EPIPE; then it resets it.
BOOST_AUTO_TEST_CASE(a_server_outlives_a_client_that_leaves_in_mid_file) {
    const UniqueFd file = large_file();
    served_file = file.get();
    BOOST_TEST(outcome_of([] {
                   basehttp::HttpServer server({.port = 0}, basehttp::handler<Handler>());
                   serving = &server;
                   const auto address =
                       basehttp::SocketAddress::parse("127.0.0.1:" + std::to_string(server.port())).value();
                   const pid_t client = ::fork();
                   if (client == 0) {
                       const UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
                       const std::string_view request = "GET / HTTP/1.0\r\n\r\n";
                       std::array<char, 1024> piece;
                       const bool read = ::connect(socket.get(), address.get(), address.size()) == 0 &&
                                         ::send(socket.get(), request.data(), request.size(), 0) > 0 &&
                                         ::shutdown(socket.get(), SHUT_WR) == 0 &&
                                         ::recv(socket.get(), piece.data(), piece.size(), 0) > 0;
                       ::_exit(read ? 0 : 1);
                   }
                   server.serve_forever();
                   return failure == EPIPE && is_deadly() && !is_blocked() && !is_pending();
               }) == 0);
}

}  // namespace
