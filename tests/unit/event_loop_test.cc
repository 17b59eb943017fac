#include "basehttp/io/event_loop.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <functional>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using basehttp::EventLoop;
using basehttp::EventTarget;
using basehttp::UniqueFd;

struct Noting final : EventTarget {
    void on_events(std::uint32_t events) override {
        ++calls;
        last = events;
        if (then) then();
    }
    int calls = 0;
    std::uint32_t last = 0;
    std::function<void()> then;
};

struct Pair {
    Pair() {
        std::array<int, 2> fds{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
        here.reset(fds[0]);
        there.reset(fds[1]);
    }
    void feed() const { BOOST_REQUIRE(::write(there.get(), "x", 1) == 1); }
    UniqueFd here;
    UniqueFd there;
};

struct Timer final : basehttp::Deadline {
    explicit Timer(std::function<void()> then_in) : then(std::move(then_in)) {}
    void on_deadline() override { then(); }
    std::function<void()> then;
};

BOOST_AUTO_TEST_CASE(events_are_delivered_to_their_target) {
    EventLoop loop;
    Pair a;
    Pair b;
    Noting for_a;
    Noting for_b;
    BOOST_TEST(loop.add(a.here.get(), EPOLLIN, for_a).has_value());
    BOOST_TEST(loop.add(b.here.get(), EPOLLIN, for_b).has_value());
    b.feed();
    loop.run_once(0ms);
    BOOST_TEST(for_a.calls == 0);
    BOOST_TEST(for_b.calls == 1);
    BOOST_TEST(for_b.last == std::uint32_t{EPOLLIN});
    loop.remove(a.here.get(), for_a);
    loop.remove(b.here.get(), for_b);
    loop.run_once(0ms);
    BOOST_TEST(for_b.calls == 1);
}

BOOST_AUTO_TEST_CASE(an_edge_is_reported_once_and_again_after_rearming) {
    EventLoop loop;
    Pair pair;
    Noting target;
    BOOST_TEST(loop.add(pair.here.get(), EPOLLIN | EPOLLET, target).has_value());
    pair.feed();
    loop.run_once(0ms);
    loop.run_once(0ms);
    BOOST_TEST(target.calls == 1);
    BOOST_TEST(loop.rearm(pair.here.get(), EPOLLIN | EPOLLET, target).has_value());
    loop.run_once(0ms);
    BOOST_TEST(target.calls == 2);
}

BOOST_AUTO_TEST_CASE(a_target_that_another_removes_in_the_same_round_hears_nothing) {
    EventLoop loop;
    Pair a;
    Pair b;
    Noting for_a;
    Noting for_b;
    BOOST_TEST(loop.add(a.here.get(), EPOLLIN, for_a).has_value());
    BOOST_TEST(loop.add(b.here.get(), EPOLLIN, for_b).has_value());
    for_a.then = [&] { loop.remove(b.here.get(), for_b); };
    for_b.then = [&] { loop.remove(a.here.get(), for_a); };
    a.feed();
    b.feed();
    loop.run_once(0ms);
    BOOST_TEST(for_a.calls + for_b.calls == 1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_watched_is_an_error) {
    EventLoop loop;
    Noting target;
    const auto added = loop.add(-1, EPOLLIN, target);
    BOOST_REQUIRE(!added);
    BOOST_TEST(added.error().code == EBADF);
    BOOST_TEST(added.error().text() == "epoll_ctl: Bad file descriptor");
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_the_wait) {
    EventLoop loop;
    bool called = false;
    Timer timer([&] {
        called = true;
        loop.stop();
    });
    loop.arm(timer, 1ms);
    loop.run();
    BOOST_TEST(called);
    BOOST_TEST(!timer.armed());
}

BOOST_AUTO_TEST_CASE(events_come_before_deadlines_of_the_same_round) {
    EventLoop loop;
    Pair pair;
    Noting target;
    Timer timer([&] { BOOST_TEST(target.calls == 1); });
    BOOST_TEST(loop.add(pair.here.get(), EPOLLIN, target).has_value());
    pair.feed();
    loop.arm(timer, 0ms);
    loop.run_once();
    BOOST_TEST(!timer.armed());
}

BOOST_AUTO_TEST_CASE(stop_ends_run_after_the_round) {
    EventLoop loop;
    Pair pair;
    Noting target;
    target.then = [&] {
        if (target.calls == 3) loop.stop();
    };
    BOOST_TEST(loop.add(pair.here.get(), EPOLLIN, target).has_value());
    pair.feed();
    loop.run();
    BOOST_TEST(target.calls == 3);
}

BOOST_AUTO_TEST_CASE(posts_of_other_threads_arrive_in_order) {
    EventLoop loop;
    std::vector<int> seen;
    std::thread other([&] {
        for (int i = 0; i < 100; ++i)
            loop.post([&, i] {
                seen.push_back(i);
                if (i == 99) loop.stop();
            });
    });
    loop.run();
    other.join();
    BOOST_TEST(seen.size() == 100U);
    BOOST_TEST(std::ranges::is_sorted(seen));
}

BOOST_AUTO_TEST_CASE(what_a_post_posts_comes_in_a_later_round) {
    EventLoop loop;
    int rounds = 0;
    std::function<void()> again = [&] {
        if (++rounds < 3) loop.post(again);
    };
    loop.post(again);
    loop.run_once(0ms);
    BOOST_TEST(rounds == 1);
    loop.run_once(0ms);
    loop.run_once(0ms);
    BOOST_TEST(rounds == 3);
}

BOOST_AUTO_TEST_CASE(a_renewed_loop_watches_nothing) {
    EventLoop loop;
    Pair pair;
    Noting target;
    BOOST_TEST(loop.add(pair.here.get(), EPOLLIN, target).has_value());
    bool posted = false;
    loop.post([&] { posted = true; });
    pair.feed();
    loop.renew();
    loop.run_once(0ms);
    BOOST_TEST(target.calls == 0);
    BOOST_TEST(!posted);
    loop.post([&] { posted = true; });
    BOOST_TEST(loop.add(pair.here.get(), EPOLLIN, target).has_value());
    loop.run_once(0ms);
    BOOST_TEST(target.calls == 1);
    BOOST_TEST(posted);
}

}  // namespace
