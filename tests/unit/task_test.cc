#include "basehttp/io/task.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::Task;

// A gate that a coroutine waits at until it is opened.
struct Gate {
    bool open = false;
    std::coroutine_handle<> waiter{};

    bool await_ready() const { return open; }
    void await_suspend(std::coroutine_handle<> handle) { waiter = handle; }
    void await_resume() const {}

    void let_through() {
        const auto handle = std::exchange(waiter, nullptr);
        handle.resume();
    }
};

struct Note {
    std::vector<std::string>& notes;
    std::string text;
    ~Note() { notes.push_back(text); }
};

Task<int> at_once(int value) {
    co_return value;
}

Task<int> at_gate(Gate& gate, int value) {
    co_await gate;
    co_return value;
}

Task<int> sum(Gate& gate) {
    const int a = co_await at_once(1);
    const int b = co_await at_gate(gate, 2);
    const int c = co_await at_once(3);
    co_return a + b + c;
}

Task<> throws_at_once() {
    throw std::runtime_error("spam");
    co_return;
}

Task<> throws_later(Gate& gate) {
    co_await gate;
    throw std::runtime_error("spam");
}

Task<std::string> catches(Gate& gate) {
    std::string caught;
    try {
        co_await throws_at_once();
    } catch (const std::runtime_error& error) {
        caught += error.what();
    }
    try {
        co_await throws_later(gate);
    } catch (const std::runtime_error& error) {
        caught += error.what();
    }
    co_return caught;
}

BOOST_AUTO_TEST_CASE(runs_when_started_and_ends_at_once) {
    auto task = at_once(42);
    BOOST_TEST(task.start());
    BOOST_TEST(task.result() == 42);
}

BOOST_AUTO_TEST_CASE(waits_and_is_resumed_through_its_awaiters) {
    Gate gate;
    auto task = sum(gate);
    BOOST_TEST(!task.start());
    BOOST_TEST(!task.done());
    gate.let_through();
    BOOST_TEST(task.done());
    BOOST_TEST(task.result() == 6);
}

BOOST_AUTO_TEST_CASE(exceptions_reach_the_awaiter) {
    Gate gate;
    auto task = catches(gate);
    BOOST_TEST(!task.start());
    gate.let_through();
    BOOST_TEST(task.result() == "spamspam");
}

BOOST_AUTO_TEST_CASE(exceptions_reach_who_asks_for_the_result) {
    auto task = throws_at_once();
    BOOST_TEST(task.start());
    BOOST_CHECK_THROW(task.result(), std::runtime_error);
}

Task<> inner(Gate& gate, std::vector<std::string>& notes) {
    const Note note{notes, "inner"};
    co_await gate;
}

Task<> outer(Gate& gate, std::vector<std::string>& notes) {
    const Note note{notes, "outer"};
    co_await inner(gate, notes);
}

BOOST_AUTO_TEST_CASE(a_task_that_waits_can_be_dropped_with_all_it_owns) {
    Gate gate;
    std::vector<std::string> notes;
    {
        auto task = outer(gate, notes);
        BOOST_TEST(!task.start());
        BOOST_TEST(notes.empty());
    }
    const std::vector<std::string> expected{"inner", "outer"};
    BOOST_TEST(notes == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_task_that_was_never_started_can_be_dropped) {
    std::vector<std::string> notes;
    Gate gate;
    { const auto task = outer(gate, notes); }
    BOOST_TEST(notes.empty());
}

BOOST_AUTO_TEST_CASE(tasks_move) {
    auto first = at_once(1);
    auto second = at_once(2);
    first = std::move(second);
    auto third = std::move(first);
    BOOST_TEST(third.start());
    BOOST_TEST(third.result() == 2);
}

struct MoveOnly {
    explicit MoveOnly(int number) : value(number) {}
    MoveOnly(MoveOnly&&) = default;
    int value;
};

Task<MoveOnly> move_only() {
    co_return MoveOnly(7);
}

BOOST_AUTO_TEST_CASE(results_need_no_default_and_no_copy) {
    auto task = move_only();
    task.start();
    BOOST_TEST(task.result().value == 7);
}

Task<MoveOnly> ended_with(int value) {
    return MoveOnly(value);
}

Task<> ended() {
    return {};
}

Task<int> awaits_ended() {
    co_await ended();
    const MoveOnly number = co_await ended_with(7);
    co_return number.value;
}

BOOST_AUTO_TEST_CASE(a_function_that_waits_for_nothing_returns_a_task_that_has_ended) {
    BOOST_TEST(ended().done());
    BOOST_TEST(ended_with(1).done());
    BOOST_TEST(ended_with(7).result().value == 7);
    auto task = awaits_ended();
    BOOST_TEST(task.start());
    BOOST_TEST(task.result() == 7);
}

BOOST_AUTO_TEST_CASE(tasks_that_have_ended_move) {
    auto first = ended_with(1);
    auto second = ended_with(2);
    first = std::move(second);
    const auto waiting = move_only();
    BOOST_TEST(!waiting.done());
    first = move_only();
    BOOST_TEST(!first.done());
    first = ended_with(3);
    BOOST_TEST(first.done());
    BOOST_TEST(first.result().value == 3);
}

Task<int> awaits(Task<int> task) {
    const int value = co_await task;
    co_return value + 1;
}

// Who starts a task may leave it to another to wait for its end.
BOOST_AUTO_TEST_CASE(a_task_that_was_started_can_be_awaited) {
    Gate gate;
    auto waiting = at_gate(gate, 1);
    BOOST_TEST(!waiting.start());
    auto waits = awaits(std::move(waiting));
    BOOST_TEST(!waits.start());
    gate.let_through();
    BOOST_TEST(waits.done());
    BOOST_TEST(waits.result() == 2);

    auto complete = at_once(2);
    BOOST_TEST(complete.start());
    auto waits_for_none = awaits(std::move(complete));
    BOOST_TEST(waits_for_none.start());
    BOOST_TEST(waits_for_none.result() == 3);
}

std::uintptr_t stack_now() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

struct Depth {
    std::uintptr_t lowest = UINTPTR_MAX;
    std::uintptr_t highest = 0;
    void look() {
        lowest = std::min(lowest, stack_now());
        highest = std::max(highest, stack_now());
    }
    std::uintptr_t range() const { return highest - lowest; }
};

Task<int> step(Depth& depth, Gate* gate) {
    depth.look();
    if (gate != nullptr) co_await *gate;
    depth.look();
    co_return 1;
}

constexpr int kAwaits = 1'000'000;
constexpr std::uintptr_t kFewFrames = 4096;

Task<int> many(Depth& depth, Gate* gate) {
    int total = 0;
    for (int i = 0; i < kAwaits; ++i) {
        const int one = co_await step(depth, gate);
        total += one;
    }
    co_return total;
}

BOOST_AUTO_TEST_CASE(a_million_awaits_that_end_at_once_need_no_more_stack) {
    Depth depth;
    auto task = many(depth, nullptr);
    BOOST_TEST(task.start());
    BOOST_TEST(task.result() == kAwaits);
    BOOST_TEST(depth.range() < kFewFrames);
}

BOOST_AUTO_TEST_CASE(a_million_awaits_that_wait_need_no_more_stack) {
    Depth depth;
    Gate gate;
    auto task = many(depth, &gate);
    task.start();
    while (!task.done())
        gate.let_through();
    BOOST_TEST(task.result() == kAwaits);
    BOOST_TEST(depth.range() < kFewFrames);
}

}  // namespace
