#include "basehttp/io/deadline.h"

#include <functional>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using basehttp::Clock;
using basehttp::Deadline;
using basehttp::Deadlines;

struct Noting final : Deadline {
    Noting(std::vector<int>& order_in, int number_in) : order(order_in), number(number_in) {}
    void on_deadline() override {
        order.push_back(number);
        if (then) then();
    }
    std::vector<int>& order;
    int number;
    std::function<void()> then;
};

const Clock::time_point kStart{};

struct Fixture {
    std::vector<int> order;
    Deadlines deadlines;
    Noting a{order, 1};
    Noting b{order, 2};
    Noting c{order, 3};

    void expect(std::vector<int> expected) { BOOST_TEST(order == expected, boost::test_tools::per_element()); }
};

BOOST_FIXTURE_TEST_CASE(nothing_is_armed_at_first, Fixture) {
    BOOST_TEST(!deadlines.next_expiry());
    BOOST_TEST(!a.armed());
    deadlines.expire(kStart + 1h);
    expect({});
}

BOOST_FIXTURE_TEST_CASE(the_next_expiry_is_the_earliest_of_all_timeouts, Fixture) {
    deadlines.arm(a, 10s, kStart);
    deadlines.arm(b, 1s, kStart + 2s);
    deadlines.arm(c, 10s, kStart + 1s);
    BOOST_TEST((deadlines.next_expiry() == kStart + 3s));
    b.cancel();
    BOOST_TEST((deadlines.next_expiry() == kStart + 10s));
}

BOOST_FIXTURE_TEST_CASE(those_whose_time_has_come_are_called_once, Fixture) {
    deadlines.arm(a, 10s, kStart);
    deadlines.arm(b, 1s, kStart);
    deadlines.arm(c, 11s, kStart);
    deadlines.expire(kStart + 999ms);
    expect({});
    deadlines.expire(kStart + 1s);
    expect({2});
    BOOST_TEST(!b.armed());
    deadlines.expire(kStart + 10s);
    expect({2, 1});
    deadlines.expire(kStart + 10s);
    expect({2, 1});
    BOOST_TEST(c.armed());
}

BOOST_FIXTURE_TEST_CASE(arming_again_replaces_the_old_time, Fixture) {
    deadlines.arm(a, 1s, kStart);
    deadlines.arm(a, 1s, kStart + 5s);
    deadlines.expire(kStart + 5s);
    expect({});
    deadlines.arm(a, 2s, kStart + 5s);
    deadlines.expire(kStart + 6s);
    expect({});
    deadlines.expire(kStart + 7s);
    expect({1});
}

BOOST_FIXTURE_TEST_CASE(cancelling_is_harmless_where_nothing_is_armed, Fixture) {
    a.cancel();
    deadlines.arm(a, 1s, kStart);
    a.cancel();
    a.cancel();
    deadlines.expire(kStart + 1h);
    expect({});
}

BOOST_FIXTURE_TEST_CASE(one_that_is_called_may_drop_or_arm_others, Fixture) {
    auto dropped = std::make_unique<Noting>(order, 4);
    deadlines.arm(a, 1s, kStart);
    deadlines.arm(*dropped, 1s, kStart);
    deadlines.arm(b, 1s, kStart);
    a.then = [&] {
        dropped.reset();
        deadlines.arm(c, 3s, kStart + 1s);
    };
    deadlines.expire(kStart + 1s);
    expect({1, 2});
    deadlines.expire(kStart + 4s);
    expect({1, 2, 3});
}

BOOST_FIXTURE_TEST_CASE(one_that_is_called_may_drop_itself, Fixture) {
    auto own = std::make_unique<Noting>(order, 4);
    deadlines.arm(*own, 1s, kStart);
    own->then = [&] { delete own.release(); };
    deadlines.expire(kStart + 1s);
    expect({4});
}

BOOST_AUTO_TEST_CASE(deadlines_may_go_before_what_is_armed) {
    std::vector<int> order;
    Noting a(order, 1);
    {
        Deadlines deadlines;
        deadlines.arm(a, 1s, kStart);
    }
    BOOST_TEST(!a.armed());
}

BOOST_AUTO_TEST_CASE(many_with_one_timeout_expire_in_order) {
    std::vector<int> order;
    Deadlines deadlines;
    std::vector<std::unique_ptr<Noting>> many;
    for (int i = 0; i < 1000; ++i) {
        many.push_back(std::make_unique<Noting>(order, i));
        deadlines.arm(*many.back(), 1s, kStart + std::chrono::milliseconds(i));
    }
    deadlines.expire(kStart + 1s + 499ms);
    BOOST_TEST(order.size() == 500U);
    BOOST_TEST(std::ranges::is_sorted(order));
}

// A list that has emptied is used for another timeout.
BOOST_AUTO_TEST_CASE(one_after_the_other_with_timeouts_of_their_own) {
    std::vector<int> order;
    Deadlines deadlines;
    Noting usual(order, -1);
    deadlines.arm(usual, 1h, kStart);
    for (int i = 1; i <= 1000; ++i) {
        Noting once(order, i);
        deadlines.arm(once, std::chrono::milliseconds(i), kStart);
        BOOST_TEST((deadlines.next_expiry() == kStart + std::chrono::milliseconds(i)));
        deadlines.expire(kStart + std::chrono::milliseconds(i));
    }
    BOOST_TEST(order.size() == 1000U);
    BOOST_TEST((deadlines.next_expiry() == kStart + 1h));
}

}  // namespace
