// What the master does about its logger, with a scripted clock and scripted children.
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/board/ring_log.h"
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
          memory(LogMemory::create(scoreboard.size()).value()),
          progress(memory.progress()),
          logger(processes, scoreboard, std::move(memory), log, -1) {
        logger.use({});
    }
    void stop() {
        logger.stop([this] { ++stopped; });
    }
    /// The master looks at the heartbeat for 3 s; the logger may be silent for one. Whether it was killed.
    bool watch(bool beats = false) {
        bool killed = false;
        for (int i = 0; i < 12; ++i) {
            processes.pass(milliseconds(250));
            if (beats) progress.beat();
            killed |= logger.check_heartbeat(milliseconds(1000));
        }
        return killed;
    }
    void leave_a_record() {
        basehttp::LogRing& ring = scoreboard.slot(Scoreboard::kMasterSlot).ring;
        RingLog(ring, -1, milliseconds(0)).error({0, basehttp::Severity::error, "spam"});
    }
    Scoreboard scoreboard;
    LogMemory memory;
    LogProgress& progress;
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

BOOST_FIXTURE_TEST_CASE(one_that_stands_still_is_killed_and_replaced, Logging) {
    leave_a_record();
    BOOST_TEST(watch());
    BOOST_TEST(logger.hangs());
    BOOST_TEST((processes.signals_sent == basehttpd_test::Signals{{1000, SIGKILL}}));
    BOOST_TEST(log.have("the logger (pid 1000) has hung for longer than workers.watchdog (1000 ms) and is killed"));
    BOOST_TEST(forks() == 1U);
    processes.end(1000, kCrash);
    BOOST_TEST(forks() == 2U);
    BOOST_TEST(!logger.hangs());
    BOOST_TEST(watch());
    BOOST_TEST(processes.signals_sent.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(one_that_stands_still_while_it_hands_over_is_killed, Logging) {
    logger.use({});
    BOOST_TEST(watch());
}

BOOST_FIXTURE_TEST_CASE(one_that_stands_still_and_cannot_be_killed_is_told_to_end, Logging) {
    leave_a_record();
    processes.refuse_kill = EPERM;
    BOOST_TEST(watch());
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kEnd));
    BOOST_TEST(log.have("and cannot be killed: "));
    BOOST_TEST(logger.hangs());
    processes.end(1000);
    BOOST_TEST(forks() == 2U);
}

BOOST_FIXTURE_TEST_CASE(one_that_has_nothing_to_do_may_be_silent, Logging) {
    BOOST_TEST(!watch());
    leave_a_record();
    BOOST_TEST(!logger.check_heartbeat(milliseconds(1000)));
}

BOOST_FIXTURE_TEST_CASE(one_that_works_on_may_take_its_time, Logging) {
    leave_a_record();
    BOOST_TEST(!watch(true));
}

BOOST_FIXTURE_TEST_CASE(no_logger_is_killed_where_none_is_watched_or_where_the_master_stood_still, Logging) {
    leave_a_record();
    BOOST_TEST(!logger.check_heartbeat(milliseconds(0)));
    processes.pass(milliseconds(500));
    BOOST_TEST(!logger.check_heartbeat(milliseconds(0)));
    processes.pass(milliseconds(5000));
    BOOST_TEST(!logger.check_heartbeat(milliseconds(1000)));
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
