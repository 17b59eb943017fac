// What the master does about its children, with a scripted clock and scripted children: crew, logger, log programs,
// and what an upgrade leaves.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/master/logger_process.h"
#include "daemon/master/pipe_program.h"
#include "daemon/master/predecessor.h"
#include "daemon/master/respawn.h"
#include "daemon/master/worker_crew.h"
#include "daemon/process/stop_times.h"
#include "unit/scripted_processes.h"

namespace basehttpd {
namespace {

using basehttpd_test::ScriptedProcesses;
using std::chrono::milliseconds;
using Signals = std::vector<std::pair<pid_t, int>>;

constexpr ChildExit kCrash{.by_signal = true, .dumped_core = false, .value = SIGSEGV};
constexpr milliseconds kLong{2000};  // no longer young

struct Lines final : basehttp::Log {
    void access(const basehttp::AccessRecord&) override {}
    void error(const basehttp::ErrorRecord& record) override { text.append(record.text) += '\n'; }
    bool have(std::string_view part) const { return text.find(part) != std::string::npos; }
    std::string text;
};

struct Supervision {
    ScriptedProcesses processes;
    Lines log;

    pid_t last() const { return processes.forked.back(); }
    std::size_t forks() const { return processes.forked.size(); }
};

BOOST_FIXTURE_TEST_CASE(delays_grow_with_each_young_death_and_start_over_after_a_good_one, Supervision) {
    unsigned starts = 0;
    Respawn respawn(processes, [&] { ++starts; });
    for (const int wanted : {0, 100, 200, 400, 800, 1600, 3200, 6400, 12'800, 25'600, 30'000, 30'000}) {
        respawn.count(true);
        BOOST_TEST(respawn.delay().count() == wanted);
    }
    respawn.schedule();
    processes.pass(milliseconds(29'999));
    BOOST_TEST(starts == 0U);
    processes.pass(milliseconds(1));
    BOOST_TEST(starts == 1U);
    respawn.count(false);
    BOOST_TEST(respawn.delay().count() == 0);
    BOOST_TEST(respawn.retry());
    BOOST_TEST(!respawn.retry());
    respawn.started();
    BOOST_TEST(respawn.retry());
}

// A crew.

struct Crew : Supervision {
    explicit Crew() {
        config.workers.count = 2;
        config.workers.watchdog = milliseconds(10'000);
        config.workers.crash_limit = 3;
        config.shutdown_timeout = milliseconds(5000);
    }
    void start() {
        crew.emplace(CrewContext{processes, scoreboard, log, poison, -1, -1}, config, Listeners{}, std::nullopt);
        crew->start({[this] { ++ready; }, [this] { ++gave_up; }, [this] { ++empty; }});
    }
    void beat(std::size_t slot) { scoreboard.slot(slot).heartbeat_ms = processes.now_ms(); }

    Config config;
    Scoreboard scoreboard = Scoreboard::create(8).value();
    PoisonLedger poison{scoreboard.quarantine(), log};
    std::optional<WorkerCrew> crew;
    unsigned ready = 0;
    unsigned gave_up = 0;
    unsigned empty = 0;
};

BOOST_FIXTURE_TEST_CASE(a_worker_that_dies_is_replaced, Crew) {
    start();
    BOOST_TEST(forks() == 2U);
    processes.say(1000, message::kReady);
    processes.say(1001, message::kReady);
    BOOST_TEST(ready == 1U);
    processes.pass(kLong);
    processes.end(1000, kCrash);
    processes.pass(milliseconds(0));
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(log.have("worker 1 (pid 1000) was killed by SIGSEGV"));
}

BOOST_FIXTURE_TEST_CASE(a_crew_of_which_all_die_young_gives_up, Crew) {
    start();
    for (int deaths = 0; deaths < 3; ++deaths) {
        BOOST_TEST(gave_up == 0U);
        processes.end(last(), kCrash);
        processes.pass(milliseconds(100));
    }
    BOOST_TEST(gave_up == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_worker_that_cannot_be_forked_is_tried_again, Crew) {
    for (int* const refuse : {&processes.refuse_channel, &processes.refuse_fork}) {
        const std::size_t before = forks();
        *refuse = EAGAIN;
        start();
        processes.pass(milliseconds(1000));
        BOOST_TEST(forks() == before);
        BOOST_TEST(log.have("cannot fork a worker"));
        *refuse = 0;
        processes.pass(milliseconds(500));
        BOOST_TEST(forks() == before + 2);
    }
}

BOOST_FIXTURE_TEST_CASE(a_worker_that_cannot_be_watched_is_ended_and_tried_again, Crew) {
    processes.refuse_watch = EMFILE;
    start();
    BOOST_TEST((processes.signals_sent == Signals{{1000, SIGKILL}, {1001, SIGKILL}}));
    BOOST_TEST(crew->size() == 0U);
    BOOST_TEST(log.have("cannot fork a worker: pidfd_open: Too many open files"));
    processes.refuse_watch = 0;
    processes.pass(milliseconds(500));
    BOOST_TEST(crew->size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_worker_that_hangs_is_aborted_then_killed, Crew) {
    start();
    processes.say(1000, message::kReady);
    processes.say(1001, message::kReady);
    processes.pass(milliseconds(10'001));
    beat(2);
    crew->check_heartbeats();
    BOOST_TEST((processes.signals_sent == Signals{{1000, SIGABRT}}));
    processes.pass(milliseconds(500));
    crew->check_heartbeats();
    BOOST_TEST((processes.signals_sent == Signals{{1000, SIGABRT}, {1000, SIGKILL}}));
    BOOST_TEST(forks() == 2U);
    processes.end(1000, kCrash);
    processes.pass(milliseconds(0));
    BOOST_TEST(forks() == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_worker_that_hangs_and_cannot_be_killed_is_replaced_once, Crew) {
    start();
    processes.say(1000, message::kReady);
    processes.say(1001, message::kReady);
    processes.refuse_kill = EPERM;
    processes.pass(milliseconds(10'001));
    beat(2);
    crew->check_heartbeats();
    processes.pass(milliseconds(0));
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kEnd));
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(log.have("cannot be ended: kill: Operation not permitted; another takes its place"));
    BOOST_TEST(!log.have("is killed"));
    processes.pass(milliseconds(1000));
    beat(2);
    beat(3);
    crew->check_heartbeats();
    processes.end(1000);
    processes.pass(milliseconds(1000));
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(crew->size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_stop_retires_closes_and_kills, Crew) {
    start();
    crew->stop();
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kRetire));
    processes.pass(kStopPatience);
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kStop));
    processes.end(1001);
    processes.pass(config.shutdown_timeout - kStopPatience);
    BOOST_TEST((processes.signals_sent == Signals{{1000, SIGKILL}}));
    BOOST_TEST(log.have("1 workers are not done after shutdown_timeout (5000 ms) and are killed"));
    BOOST_TEST(empty == 0U);
    processes.end(1000, {.by_signal = true, .dumped_core = false, .value = SIGKILL});
    BOOST_TEST(empty == 1U);
    BOOST_TEST(forks() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_stop_that_may_not_kill_tells_to_end, Crew) {
    start();
    processes.refuse_kill = EPERM;
    crew->stop();
    processes.pass(config.shutdown_timeout);
    BOOST_TEST(processes.heard(1000) == (std::string{message::kRetire, message::kStop, message::kEnd}));
    BOOST_TEST(log.have("were told to end: kill: Operation not permitted"));
    BOOST_TEST(!log.have("killed"));
    processes.end(1001);
    crew->leave_behind();
    BOOST_TEST(log.have("worker 1 (pid 1000) has not ended and is left behind"));
    BOOST_TEST(!log.have("worker 2 (pid 1001) has not ended"));
}

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
    BOOST_TEST(log.have("it dies again and again"));
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
    BOOST_TEST(log.have("(pid 1000) has not ended and is left behind"));
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
        predecessor.emplace(processes, log, inherited, std::nullopt, [this] { ++gone; });
    }
    Line workers[2];
    Line logger;
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
    BOOST_TEST(log.have("worker (pid 10) from before the upgrade was told to end: kill: Operation not permitted"));
    predecessor->leave_behind();
    BOOST_TEST(log.have("worker (pid 11) from before the upgrade has not ended"));
}

}  // namespace
}  // namespace basehttpd
