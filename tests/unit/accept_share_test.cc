#include "daemon/worker/accept_share.h"

#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/monotonic_clock.h"

namespace basehttpd {
namespace {

// Two workers that serve, in slots 1 and 2; the share is that of the first.
struct Fixture {
    Fixture() {
        begin(1);
        begin(2);
    }

    void begin(std::size_t slot) {
        board.slot(slot).state = WorkerState::serving;
        board.slot(slot).heartbeat_ms = basehttp::monotonic_ms();
    }

    void set(std::size_t slot, std::uint32_t connections) { board.slot(slot).counters.connections = connections; }

    // How many connections the first worker accepts one after the other until it has more than its share.
    std::uint32_t accept_until_more(std::uint32_t most) {
        for (std::uint32_t mine = 1; mine <= most; ++mine) {
            set(1, mine);
            if (share.has_more_than_its_share()) return mine;
        }
        return 0;
    }

    Scoreboard board = Scoreboard::create(3).value();
    AcceptShare share{board, 1};
};

struct Case {
    std::uint32_t others;
    std::uint32_t first_that_is_more;
};

BOOST_FIXTURE_TEST_CASE(more_begins_at_the_same_number_whether_answers_are_kept_or_not, Fixture) {
    for (const auto& [others, first] : {Case{0, 3}, Case{1, 4}, Case{5, 8}, Case{28, 37}, Case{70, 91}}) {
        set(2, others);
        BOOST_TEST(accept_until_more(200) == first, "others " << others);
        set(1, first - 1);
        BOOST_TEST(!AcceptShare(board, 1).has_more_than_its_share());
        set(1, first);
        BOOST_TEST(AcceptShare(board, 1).has_more_than_its_share());
    }
}

BOOST_FIXTURE_TEST_CASE(one_alone_never_has_more, Fixture) {
    board.slot(2).state = WorkerState::draining;
    BOOST_TEST(accept_until_more(200) == 0U);
}

BOOST_FIXTURE_TEST_CASE(one_that_hangs_does_not_count, Fixture) {
    board.slot(2).heartbeat_ms = basehttp::monotonic_ms() - 10'000;
    BOOST_TEST(accept_until_more(200) == 0U);
}

BOOST_FIXTURE_TEST_CASE(no_is_kept_for_sixteen_connections, Fixture) {
    set(1, 10);
    set(2, 30);
    BOOST_TEST(!share.has_more_than_its_share());
    set(2, 0);
    unsigned kept = 0;
    while (!share.has_more_than_its_share())
        BOOST_REQUIRE(++kept <= 16);
    BOOST_TEST(kept == 16U);
}

BOOST_FIXTURE_TEST_CASE(more_is_not_kept, Fixture) {
    set(1, 10);
    BOOST_TEST(share.has_more_than_its_share());
    set(2, 10);
    BOOST_TEST(!share.has_more_than_its_share());
}

}  // namespace
}  // namespace basehttpd
