// What ends a wait on a SocketStream: deadlines, interrupts, turns.
#include <sys/mman.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/socket_stream_fixture.h"

namespace {

using namespace socket_stream_fixture;

BOOST_FIXTURE_TEST_CASE(a_deadline_ends_a_wait_until_it_is_set_anew, Fixture) {
    auto task = read_to_end(*this, 100);
    stream->set_deadline(0ms);
    BOOST_TEST(!task.start());
    loop.run_once();
    BOOST_TEST(task.done());
    BOOST_TEST(last_error == ETIMEDOUT);
    auto again = read_to_end(*this, 100);
    BOOST_TEST(again.start());
    stream->set_deadline(1h);
    auto anew = read_to_end(*this, 100);
    BOOST_TEST(!anew.start());
}

BOOST_FIXTURE_TEST_CASE(a_deadline_that_passes_while_nobody_waits_ends_the_next_wait, Fixture) {
    stream->set_deadline(0ms);
    loop.run_once();
    feed("spam");
    auto task = read_to_end(*this, 100);
    BOOST_TEST(task.start());
    BOOST_TEST(last_error == ETIMEDOUT);
}

BOOST_FIXTURE_TEST_CASE(an_interrupt_ends_a_wait_for_good, Fixture) {
    auto task = read_to_end(*this, 100);
    BOOST_TEST(!task.start());
    stream->interrupt();
    BOOST_TEST(task.done());
    BOOST_TEST(last_error == ECANCELED);
    stream->set_deadline(0ms);
    loop.run_once();
    stream->set_deadline(1h);
    auto again = read_to_end(*this, 100);
    BOOST_TEST(again.start());
    BOOST_TEST(last_error == ECANCELED);
}

Task<> wait_for_turn(Fixture& f, bool& had_turn) {
    f.stream->give_way();
    const auto ready = co_await f.stream->until_writable();
    had_turn = ready.has_value();
}

BOOST_FIXTURE_TEST_CASE(giving_way_waits_for_the_next_round, Fixture) {
    for (int i = 0; i < 3; ++i) {
        bool had_turn = false;
        auto task = wait_for_turn(*this, had_turn);
        BOOST_TEST(!task.start());
        loop.run_once(0ms);
        BOOST_TEST(task.done());
        BOOST_TEST(had_turn);
    }
}

BOOST_FIXTURE_TEST_CASE(giving_way_loses_no_bytes_that_arrive_meanwhile, Fixture) {
    bool had_turn = false;
    auto turn = wait_for_turn(*this, had_turn);
    auto reader = read_to_end(*this, 100);
    BOOST_TEST(!turn.start());
    feed("spam");
    loop.run_once(0ms);
    BOOST_TEST(had_turn);
    BOOST_TEST(!reader.start());
    BOOST_TEST(got == "spam");
}

BOOST_FIXTURE_TEST_CASE(a_stream_may_go_while_a_task_waits_on_it, Fixture) {
    {
        auto task = read_to_end(*this, 100);
        BOOST_TEST(!task.start());
        feed("spam");
    }
    stream.reset();
    loop.run_once(0ms);
    BOOST_TEST(got.empty());
}

BOOST_FIXTURE_TEST_CASE(shutting_down_is_the_peers_end, Fixture) {
    stream->shut_down_writing();
    char byte = 0;
    BOOST_TEST(::recv(there.get(), &byte, 1, 0) == 0);
}

// How many descriptors the loops of this process watch.
std::size_t watched() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
        std::ifstream info(entry.path());
        for (std::string line; std::getline(info, line);)
            count += line.starts_with("tfd:") ? 1 : 0;
    }
    return count;
}

BOOST_FIXTURE_TEST_CASE(what_is_not_waited_for_is_not_watched, Fixture) {
    const std::size_t before = watched();
    feed("spam");
    std::array<char, 100> space;
    BOOST_TEST(stream->read_some(space).value() == 4U);
    const iovec piece{space.data(), 4};
    BOOST_TEST(stream->write_some({&piece, 1}, basehttp::Stream::More::no).value() == 4U);
    BOOST_TEST(watched() == before);
    auto task = read_to_end(*this, 100);
    BOOST_TEST(!task.start());
    BOOST_TEST(watched() == before + 1);
    stream.reset();
    BOOST_TEST(watched() == before);
}

BOOST_FIXTURE_TEST_CASE(who_is_not_watched_is_seen_to_leave_all_the_same, TcpFixture) {
    BOOST_TEST(!stream->peer_left());
    feed("spam");
    BOOST_TEST(!stream->peer_left());
    there.reset();
    BOOST_TEST(stream->peer_left());
}

Task<> wait_to_read(SocketStream& stream, int& failure) {
    const auto ready = co_await stream.until_readable();
    failure = ready ? 0 : ready.error().code;
}

BOOST_AUTO_TEST_CASE(a_wait_for_what_cannot_be_watched_fails) {
    EventLoop loop;
    SocketStream stream(loop, UniqueFd(::memfd_create("no socket", MFD_CLOEXEC)));
    char byte = 0;
    BOOST_TEST(!stream.read_some({&byte, 1}).has_value());
    int failure = 0;
    auto task = wait_to_read(stream, failure);
    BOOST_TEST(task.start());
    BOOST_TEST(failure == EPERM);
    BOOST_TEST(stream.watch_failure() == EPERM);
}

}  // namespace
