#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/socket_stream_fixture.h"

namespace {

using namespace socket_stream_fixture;
using basehttp::Stream;

BOOST_FIXTURE_TEST_CASE(reads_what_comes_in_time, Fixture) {
    auto task = read_to_end(*this, 100);
    BOOST_TEST(!task.start());
    feed("spam");
    loop.run_once(0ms);
    BOOST_TEST(got == "spam");
    feed(" and eggs");
    loop.run_once(0ms);
    there.reset();
    finish(task);
    BOOST_TEST(got == "spam and eggs");
    BOOST_TEST(reads == 4);  // the first finds nothing; then one for each arrival and one for the end
}

BOOST_FIXTURE_TEST_CASE(reads_on_while_the_space_was_filled, Fixture) {
    feed("spam and eggs");
    auto task = read_to_end(*this, 4);
    BOOST_TEST(!task.start());
    BOOST_TEST(got == "spam and eggs");
    there.reset();
    finish(task);
}

// Bytes that the kernel keeps although the peer would take them.
int held_back(const UniqueFd& socket) {
    int size = -1;
    BOOST_TEST_REQUIRE(::ioctl(socket.get(), SIOCOUTQNSD, &size) == 0);
    return size;
}

// The kernel itself sends what waits for more after 200 ms. Nothing here waits for that.
BOOST_AUTO_TEST_CASE(what_waits_for_more_leaves_with_it_or_before_a_wait) {
    auto pair = tcp_pair();
    const UniqueFd same(::dup(pair[0].get()));
    Fixture f(std::move(pair));
    const auto write = [&f](std::string_view text, Stream::More more) {
        const iovec piece{const_cast<char*>(text.data()), text.size()};
        BOOST_TEST(f.stream->write_some({&piece, 1}, more).value() == text.size());
    };
    write("one", Stream::More::yes);
    write("two", Stream::More::no);
    BOOST_TEST(held_back(same) == 0);
    write("three", Stream::More::yes);
    f.stream->push();
    BOOST_TEST(held_back(same) == 0);
    write("four", Stream::More::yes);
    auto task = read_to_end(f, 100);
    BOOST_TEST(!task.start());
    BOOST_TEST(held_back(same) == 0);
    write("five", Stream::More::yes);
    f.stream->shut_down_writing();
    BOOST_TEST(held_back(same) == 0);
    std::array<char, 100> got{};
    BOOST_TEST(::recv(f.there.get(), got.data(), got.size(), 0) == 19);
    f.there.reset();
    f.finish(task);
}

BOOST_FIXTURE_TEST_CASE(sees_the_end_that_came_with_the_last_bytes, Fixture) {
    auto task = read_to_end(*this, 100);
    BOOST_TEST(!task.start());
    feed("spam");
    there.reset();
    loop.run_once(0ms);
    BOOST_TEST(task.done());
    BOOST_TEST(got == "spam");
}

BOOST_FIXTURE_TEST_CASE(sees_the_end_that_came_before_the_first_read, TcpFixture) {
    feed("spam");
    ::shutdown(there.get(), SHUT_WR);
    auto task = read_to_end(*this, 100);
    task.start();
    finish(task);
    BOOST_TEST(got == "spam");
    BOOST_TEST(last_error == 0);
}

BOOST_FIXTURE_TEST_CASE(sees_the_end_that_came_between_the_event_and_the_read, TcpFixture) {
    feed("spam");
    loop.run_once(0ms);
    ::shutdown(there.get(), SHUT_WR);
    auto task = read_to_end(*this, 100);
    task.start();
    finish(task);
    BOOST_TEST(got == "spam");
}

BOOST_FIXTURE_TEST_CASE(sees_a_reset, TcpFixture) {
    auto task = read_to_end(*this, 100);
    BOOST_TEST(!task.start());
    const linger hard{1, 0};
    ::setsockopt(there.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    there.reset();
    finish(task);
    BOOST_TEST(last_error == ECONNRESET);
}

Task<> write_all(Fixture& f, std::string_view text) {
    while (!text.empty()) {
        const iovec piece{const_cast<char*>(text.data()), text.size()};
        const auto sent = f.stream->write_some({&piece, 1}, Stream::More::no);
        if (sent) {
            text.remove_prefix(*sent);
        } else if (sent.error().would_block()) {
            const auto ready = co_await f.stream->until_writable();
            if (!ready) f.last_error = ready.error().code;
            if (!ready) co_return;
        } else {
            f.last_error = sent.error().code;
            co_return;
        }
    }
}

std::string take(const UniqueFd& fd, std::size_t most) {
    std::string text(most, '\0');
    const ssize_t got = ::recv(fd.get(), text.data(), most, MSG_DONTWAIT);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

void write_much(Fixture& f) {
    // A kernel that has seen fast loopback connections lets this one's buffers grow without a pause.
    const int small = 64 * 1024;
    ::setsockopt(f.there.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    std::string text(16'000'000, 'x');
    text.back() = '!';
    auto task = write_all(f, text);
    BOOST_TEST(!task.start());
    std::string taken;
    while (!task.done()) {
        taken += take(f.there, 100'000);
        f.loop.run_once(0ms);
    }
    f.stream.reset();
    for (std::string more = take(f.there, 100'000); !more.empty() || taken.size() < text.size();
         more = take(f.there, 100'000))
        taken += more;
    BOOST_TEST((taken == text));
}

BOOST_FIXTURE_TEST_CASE(writes_as_the_peer_reads, Fixture) {
    write_much(*this);
}

BOOST_FIXTURE_TEST_CASE(writes_as_the_peer_reads_tcp, TcpFixture) {
    write_much(*this);
}

BOOST_FIXTURE_TEST_CASE(a_peer_that_left_is_an_error_not_a_signal, Fixture) {
    there.reset();
    auto task = write_all(*this, "spam");
    BOOST_TEST(task.start());
    BOOST_TEST(last_error == EPIPE);
}

BOOST_FIXTURE_TEST_CASE(a_writer_that_waits_sees_that_the_peer_left, Fixture) {
    const std::string text(16'000'000, 'x');
    auto task = write_all(*this, text);
    BOOST_TEST(!task.start());
    there.reset();
    loop.run_once(0ms);
    BOOST_TEST(task.done());
    BOOST_TEST((last_error == EPIPE || last_error == ECONNRESET));
}

BOOST_FIXTURE_TEST_CASE(sends_files, Fixture) {
    const UniqueFd file(::memfd_create("spam", 0));
    BOOST_REQUIRE(::write(file.get(), "spam and eggs", 13) == 13);
    const auto sent = stream->send_file_some(file.get(), 5, 8);
    BOOST_REQUIRE(sent.has_value());
    BOOST_TEST(*sent == 8U);
    BOOST_TEST(take(there, 100) == "and eggs");
    BOOST_TEST(stream->send_file_some(file.get(), 13, 8).value() == 0U);
}

}  // namespace
