// What the master does about its logger, with a scripted clock and scripted children.
#include <cerrno>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/master/logger_process.h"
#include "daemon/process/stop_times.h"
#include "tests/unit/supervision.h"

namespace basehttpd {
namespace {

using basehttpd_test::kCrash;
using basehttpd_test::kLong;
using basehttpd_test::Supervision;
using std::chrono::milliseconds;

// The logger.

struct Logging : Supervision {
    Logging()
        : scoreboard(Scoreboard::create(1).value()),
          logger(processes, scoreboard, LogMemory::create(scoreboard.size()).value(), log, -1) {
        logger.use({});
    }
    void stop() {
        logger.stop([this] { ++stopped; });
    }
    Scoreboard scoreboard;
    LoggerProcess logger;
    unsigned stopped = 0;
};

BOOST_FIXTURE_TEST_CASE(a_logger_makes_room_for_the_next_setup, Logging) {
    BOOST_TEST(forks() == 1U);
    BOOST_TEST(logger.settled());
    logger.use({});
    logger.use({});
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kHandOver));
    BOOST_TEST(!logger.settled());
    processes.end(1000);
    BOOST_TEST(forks() == 2U);
    BOOST_TEST(logger.settled());
    BOOST_TEST(processes.heard(1001).empty());
}

BOOST_FIXTURE_TEST_CASE(one_that_dies_while_it_hands_over_is_settled_by_one_with_its_setup, Logging) {
    logger.use({});
    processes.pass(kLong);
    processes.end(1000, kCrash);
    BOOST_TEST(forks() == 2U);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kHandOver));
    BOOST_TEST(!logger.settled());
    processes.end(1001);
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(logger.settled());
}

BOOST_FIXTURE_TEST_CASE(one_that_died_before_a_reload_is_settled_first, Logging) {
    processes.pass(kLong);
    processes.refuse_fork = EAGAIN;
    processes.end(1000, kCrash);
    logger.use({});
    processes.refuse_fork = 0;
    processes.pass(milliseconds(500));
    BOOST_TEST(forks() == 2U);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kHandOver));
    processes.end(1001);
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(logger.settled());
}

BOOST_FIXTURE_TEST_CASE(files_that_kill_two_loggers_in_a_row_are_given_up, Logging) {
    logger.use({});
    processes.end(1000, kCrash);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kHandOver));
    processes.end(1001, kCrash);
    processes.pass(milliseconds(100));
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(processes.heard(1002).empty());
    BOOST_TEST(logger.settled());
}

BOOST_FIXTURE_TEST_CASE(what_the_system_refuses_is_tried_again, Logging) {
    for (int* const refuse : {&processes.refuse_channel, &processes.refuse_fork}) {
        const std::size_t before = forks();
        *refuse = EMFILE;
        processes.pass(kLong);
        processes.end(last(), kCrash);
        processes.pass(milliseconds(1000));
        BOOST_TEST(forks() == before);
        BOOST_TEST(log.have("cannot start a logger"));
        *refuse = 0;
        processes.pass(milliseconds(500));
        BOOST_TEST(forks() == before + 1);
        BOOST_TEST(logger.settled());
    }
}

BOOST_FIXTURE_TEST_CASE(a_stop_waits_for_the_last_line, Logging) {
    stop();
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kStop));
    BOOST_TEST(stopped == 0U);
    processes.end(1000);
    BOOST_TEST(stopped == 1U);
    BOOST_TEST(forks() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_stop_after_a_hand_over_starts_the_one_that_writes_the_rest, Logging) {
    logger.use({});
    stop();
    processes.end(1000);
    BOOST_TEST(stopped == 0U);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kStop));
    processes.end(1001);
    BOOST_TEST(stopped == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_death_during_a_stop_costs_no_line_unless_it_comes_twice, Logging) {
    stop();
    processes.end(1000, kCrash);
    BOOST_TEST(stopped == 0U);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kStop));
    processes.end(1001, kCrash);
    BOOST_TEST(stopped == 1U);
    BOOST_TEST(forks() == 2U);
}

BOOST_FIXTURE_TEST_CASE(one_that_does_not_stop_is_killed_and_then_left_behind, Logging) {
    for (const int refused : {0, EPERM}) {
        Logging run;
        run.processes.refuse_kill = refused;
        run.stop();
        run.processes.pass(kLoggerPatience);
        BOOST_TEST(run.processes.signals_sent.size() == (refused == 0 ? 1U : 0U));
        const std::string told = run.processes.heard(1000);
        BOOST_TEST(told == (refused == 0 ? std::string{message::kStop} : std::string{message::kStop, message::kEnd}));
        BOOST_TEST(run.stopped == 0U);
        run.processes.pass(kLastPatience);
        BOOST_TEST(run.stopped == 1U);
        BOOST_TEST(!run.processes.watched(1000));
    }
}

}  // namespace
}  // namespace basehttpd
