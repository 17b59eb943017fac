// What the master does about log programs, and about what an upgrade leaves, with a scripted clock and scripted
// children.
#include <signal.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/master/pipe_program.h"
#include "daemon/master/predecessor.h"
#include "daemon/process/stop_times.h"
#include "tests/unit/supervision.h"

namespace basehttpd {
namespace {

using basehttpd_test::kCrash;
using basehttpd_test::kLong;
using basehttpd_test::Signals;
using basehttpd_test::Supervision;
using std::chrono::milliseconds;

// A log program.

struct Piped : Supervision {
    Piped() : program(processes, log, {"cat", {"cat"}, std::nullopt}, LogPipe::create().value()) { program.start(); }
    void end() {
        program.end([this] { ++ended; });
    }
    PipeProgram program;
    unsigned ended = 0;
};

BOOST_FIXTURE_TEST_CASE(a_program_that_dies_is_started_again_after_growing_delays, Piped) {
    const std::vector<int> delays{0, 100, 200, 400};
    for (std::size_t i = 0; i < delays.size(); ++i) {
        processes.end(last(), kCrash);
        processes.pass(milliseconds(delays[i] - (delays[i] > 0 ? 1 : 0)));
        BOOST_TEST(forks() == i + (delays[i] > 0 ? 1 : 2));
        processes.pass(milliseconds(1));
        BOOST_TEST(forks() == i + 2);
    }
    BOOST_TEST(log.have("it keeps failing"));
    processes.pass(kYoung);
    BOOST_TEST(log.have("runs again"));
}

BOOST_FIXTURE_TEST_CASE(a_program_ends_at_the_end_of_its_input, Piped) {
    end();
    processes.end(1000);
    BOOST_TEST(ended == 1U);
    BOOST_TEST(processes.signals_sent.empty());
}

BOOST_FIXTURE_TEST_CASE(a_program_that_does_not_end_is_told_killed_and_left_behind, Piped) {
    end();
    processes.pass(kProgramPatience);
    BOOST_TEST((processes.signals_sent == Signals{{-1000, SIGTERM}}));
    processes.pass(kProgramTermPatience);
    BOOST_TEST((processes.signals_sent == Signals{{-1000, SIGTERM}, {-1000, SIGKILL}}));
    BOOST_TEST(ended == 0U);
    processes.pass(kLastPatience);
    BOOST_TEST(ended == 1U);
    BOOST_TEST(log.have("(pid 1000) does not exit and is left running"));
}

BOOST_FIXTURE_TEST_CASE(a_program_that_may_not_be_told_is_left_behind, Piped) {
    processes.refuse_kill = EPERM;
    end();
    processes.pass(kProgramPatience + kProgramTermPatience + kLastPatience);
    BOOST_TEST(ended == 1U);
    BOOST_TEST(log.have("cannot be told to: kill: Operation not permitted"));
}

BOOST_FIXTURE_TEST_CASE(a_program_that_cannot_be_forked_is_tried_again, Piped) {
    processes.pass(kLong);
    processes.refuse_fork = EAGAIN;
    processes.end(1000, kCrash);
    processes.pass(milliseconds(1000));
    BOOST_TEST(log.have("log program 'cat' cannot be started: fork"));
    processes.refuse_fork = 0;
    processes.pass(milliseconds(500));
    BOOST_TEST(forks() == 2U);
}

// What an upgrade leaves.

struct Upgraded : Supervision {
    struct Line {
        Channel ends = Channel::create().value();
        int child() const { return ends.child_end.get(); }
        std::string heard() const {
            std::string messages;
            for (char message = 0; ::recv(child(), &message, 1, MSG_DONTWAIT) == 1;)
                messages += message;
            return messages;
        }
    };
    Upgraded() {
        Inheritance inherited;
        for (int i = 0; i < 2; ++i)
            inherited.workers.push_back({10 + i, workers[i].ends.master_end.release()});
        inherited.logger = {20, logger.ends.master_end.release()};
        inherited.standby = {30, standby.ends.master_end.release()};
        predecessor.emplace(processes, log, inherited, std::nullopt, [this] { ++gone; });
    }
    Line workers[2];
    Line logger;
    Line standby;
    std::optional<Predecessor> predecessor;
    unsigned gone = 0;
};

BOOST_FIXTURE_TEST_CASE(its_logger_leaves_after_its_workers, Upgraded) {
    predecessor->retire(milliseconds(5000));
    BOOST_TEST(workers[1].heard() == std::string(1, message::kRetire));
    processes.end(10);
    BOOST_TEST(logger.heard().empty());
    processes.end(11, kCrash);
    BOOST_TEST(log.have("worker (pid 11) from before the upgrade was killed by SIGSEGV"));
    BOOST_TEST(logger.heard() == std::string(1, message::kStop));
    BOOST_TEST(gone == 0U);
    processes.end(20);
    BOOST_TEST(standby.heard() == std::string(1, message::kEnd));
    processes.end(30);
    BOOST_TEST(gone == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_logger_that_stands_by_takes_over_from_one_that_dies, Upgraded) {
    processes.end(20, kCrash);
    BOOST_TEST(standby.heard() == std::string(1, message::kTakeOver));
    BOOST_TEST(log.have("logger (pid 20) from before the upgrade was killed by SIGSEGV; another takes over"));
    processes.end(10);
    processes.end(11);
    BOOST_TEST(standby.heard() == std::string(1, message::kStop));
    BOOST_TEST(gone == 0U);
    processes.end(30);
    BOOST_TEST(gone == 1U);
}

BOOST_FIXTURE_TEST_CASE(lines_are_said_to_be_lost_where_both_loggers_die, Upgraded) {
    processes.end(20, kCrash);
    processes.end(30, kCrash);
    BOOST_TEST(
        log.have("logger (pid 30) from before the upgrade was killed by SIGSEGV; what it had not written is lost"));
    processes.end(10);
    BOOST_TEST(gone == 0U);
    processes.end(11);
    BOOST_TEST(gone == 1U);
}

BOOST_FIXTURE_TEST_CASE(its_workers_end_with_the_shutdown_timeout, Upgraded) {
    predecessor->stop(milliseconds(5000));
    processes.pass(kStopPatience);
    BOOST_TEST(workers[0].heard() == (std::string{message::kRetire, message::kStop}));
    processes.end(11);
    processes.pass(milliseconds(4000));
    BOOST_TEST((processes.signals_sent == Signals{{10, SIGKILL}}));
}

BOOST_FIXTURE_TEST_CASE(its_workers_that_may_not_be_killed_are_told_to_end, Upgraded) {
    processes.refuse_kill = EPERM;
    predecessor->kill();
    BOOST_TEST(workers[0].heard() == std::string(1, message::kEnd));
    BOOST_TEST(log.have("worker (pid 10) from before the upgrade was told to exit: kill: Operation not permitted"));
    predecessor->leave_behind();
    BOOST_TEST(log.have("worker (pid 11) from before the upgrade does not exit"));
}

}  // namespace
}  // namespace basehttpd
