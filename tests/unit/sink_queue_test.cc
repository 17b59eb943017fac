#include "daemon/logs/sink_queue.h"

#include <deque>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>

#include "daemon/process/shared_memory.h"

namespace basehttpd {
namespace {

struct Fixture {
    Fixture() : memory(SharedMemory::create(sizeof(SinkQueue)).value()), queue(SinkQueue::make(memory.data())) {
        queue.open(version);
    }

    void commit() {
        queue.prepare(1 - version);
        version = 1 - version;
    }
    void put(const std::string& text) { queue.put(text, 1); }

    // What a successor finds.
    void die() { BOOST_TEST(queue.open(version)); }

    std::string take(std::size_t most = SinkQueue::kCapacity) {
        const auto entry = queue.front();
        if (!entry) return "nothing";
        const std::string text(entry->bytes.substr(0, most));
        queue.advance(text.size());
        return text;
    }

    SharedMemory memory;
    SinkQueue& queue;
    unsigned version = 0;
};

BOOST_FIXTURE_TEST_CASE(entries_come_out_in_order, Fixture) {
    put("spam\n");
    put("and eggs\n");
    commit();
    BOOST_TEST(take() == "spam\n");
    BOOST_TEST(take() == "and eggs\n");
    BOOST_TEST(take() == "nothing");
    BOOST_TEST(queue.empty());
}

BOOST_FIXTURE_TEST_CASE(what_was_not_committed_is_not_there, Fixture) {
    put("spam\n");
    BOOST_TEST(take() == "nothing");
    die();
    BOOST_TEST(take() == "nothing");
    put("eggs\n");
    commit();
    BOOST_TEST(take() == "eggs\n");
}

BOOST_FIXTURE_TEST_CASE(what_was_committed_outlives_its_logger, Fixture) {
    put("spam and eggs\n");
    put("more spam\n");
    queue.lose(3);
    BOOST_TEST(queue.next_sample(0) == 0U);
    commit();
    BOOST_TEST(take(5) == "spam ");
    put("never\n");
    queue.lose(1);
    BOOST_TEST(queue.next_sample(0) == 1U);
    die();
    BOOST_TEST(queue.lost() == 3U);
    BOOST_TEST(queue.next_sample(0) == 1U);
    BOOST_TEST(queue.next_sample(1) == 0U);
    BOOST_TEST(take() == "and eggs\n");
    BOOST_TEST(take() == "more spam\n");
    BOOST_TEST(take() == "nothing");
}

BOOST_FIXTURE_TEST_CASE(a_write_that_nobody_noted_is_found_by_the_file_s_size, Fixture) {
    for (const std::uint64_t written : {0, 3, 5, 6, 100}) {
        put("12345");
        put("next\n");
        commit();
        queue.begin_write({1, 2, 1000});
        die();
        queue.settle_write({1, 2, 1000 + written});
        const std::string rest = std::string("12345").substr(std::min<std::size_t>(written, 5));
        if (!rest.empty()) BOOST_TEST(take() == rest);
        BOOST_TEST(take() == "next\n");
    }
}

BOOST_FIXTURE_TEST_CASE(a_write_that_was_noted_counts_once, Fixture) {
    put("12345");
    put("next\n");
    commit();
    queue.begin_write({1, 2, 1000});
    queue.advance(5);
    die();
    queue.settle_write({1, 2, 1005});
    BOOST_TEST(take() == "next\n");

    put("12345");
    commit();
    queue.begin_write({1, 2, 1000});
    queue.advance(3);
    die();
    queue.settle_write({1, 2, 1003});
    BOOST_TEST(take() == "45");
}

BOOST_FIXTURE_TEST_CASE(another_file_tells_nothing_of_the_write, Fixture) {
    put("12345");
    commit();
    queue.begin_write({1, 2, 1000});
    die();
    queue.settle_write({1, 3, 1005});
    BOOST_TEST(take() == "12345");
}

BOOST_FIXTURE_TEST_CASE(a_finished_write_is_not_settled, Fixture) {
    put("12345");
    commit();
    queue.begin_write({1, 2, 1000});
    queue.advance(2);
    queue.end_write();
    die();
    queue.settle_write({1, 2, 1005});
    BOOST_TEST(take() == "345");
}

BOOST_FIXTURE_TEST_CASE(a_full_queue_says_so, Fixture) {
    const std::string line(100'000, 'x');
    std::size_t lines = 0;
    while (queue.has_room(line.size(), 1)) {
        put(line);
        ++lines;
    }
    commit();
    BOOST_TEST(lines > 20U);
    BOOST_TEST(queue.count_lines(version) == lines);
    for (std::size_t i = 0; i < lines; ++i)
        BOOST_TEST(take().size() == line.size());
    BOOST_TEST(take() == "nothing");
    BOOST_TEST(queue.has_room(SinkQueue::kLongestEntry, 1));
}

BOOST_FIXTURE_TEST_CASE(losses_are_untold_until_the_sink_is_good_again, Fixture) {
    queue.lose(2);
    queue.begin_failure(1, 28);
    queue.lose(3);
    BOOST_TEST(queue.untold_losses(version) == 0U);  // not committed
    commit();
    BOOST_TEST(queue.untold_losses(version) == 3U);
    die();
    BOOST_TEST(queue.untold_losses(version) == 3U);
    BOOST_TEST(queue.end_failure() == 3U);
    BOOST_TEST(queue.untold_losses(version) == 0U);
}

// Any order of what a logger does, with deaths in between: nothing is lost, and nothing is there twice.
BOOST_FIXTURE_TEST_CASE(a_queue_is_a_queue, Fixture) {
    std::mt19937 random(7);
    std::deque<std::string> committed;
    std::deque<std::string> put_only;
    unsigned serial = 0;
    for (int i = 0; i < 200'000; ++i) {
        switch (random() % 8) {
            case 0:
            case 1:
            case 2: {
                const std::string text = std::to_string(serial++) + std::string(random() % 3000, 'x');
                if (!queue.has_room(text.size(), 1)) break;
                put(text);
                put_only.push_back(text);
                break;
            }
            case 3:
                commit();
                committed.insert(committed.end(), put_only.begin(), put_only.end());
                put_only.clear();
                break;
            case 4:
                if (random() % 20 != 0) break;
                die();
                put_only.clear();
                break;
            default: {
                const std::string text = take(1 + random() % 4000);
                if (committed.empty()) {
                    BOOST_REQUIRE(text == "nothing");
                    break;
                }
                BOOST_REQUIRE(committed.front().starts_with(text));
                committed.front().erase(0, text.size());
                if (committed.front().empty()) committed.pop_front();
            }
        }
    }
}

// Whatever stands in the memory, it is at most dropped.
BOOST_FIXTURE_TEST_CASE(a_spoilt_queue_is_dropped, Fixture) {
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        for (int line = 0; line < 5; ++line)
            put(std::string(random() % 500, 'x'));
        commit();
        for (int byte = 0; byte < 20; ++byte)
            memory.data()[random() % 512] = static_cast<std::byte>(random());
        queue.open(version);
        for (int line = 0; line < 10 && queue.front(); ++line)
            queue.advance(queue.front()->bytes.size());
        queue.settle_write({1, 2, random()});
        queue.count_lines(version);
        SinkQueue::make(memory.data());
        version = 0;
        queue.open(version);
    }
}

}  // namespace
}  // namespace basehttpd
