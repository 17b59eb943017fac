// What the master does about its workers, with a scripted clock and scripted children.
#include "tests/unit/supervision.h"

#include <signal.h>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/master/respawn.h"
#include "daemon/master/worker_crew.h"
#include "daemon/process/stop_times.h"

namespace basehttpd {
namespace {

using basehttpd_test::kCrash;
using basehttpd_test::kKilled;
using basehttpd_test::kLong;
using basehttpd_test::Signals;
using basehttpd_test::Supervision;
using std::chrono::milliseconds;

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
    std::vector<pid_t> crew_pids;
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

BOOST_FIXTURE_TEST_CASE(kills_from_outside_say_nothing_of_the_crew, Crew) {
    start();
    for (int kills = 0; kills < 20; ++kills) {
        const std::size_t before = forks();
        processes.say(last(), message::kReady);
        processes.end(last(), kKilled);
        processes.pass(milliseconds(0));
        BOOST_TEST(forks() == before + 1);
    }
    BOOST_TEST(gave_up == 0U);
    processes.end(last(), kCrash);
    processes.pass(milliseconds(0));
    BOOST_TEST(forks() == 23U);  // the first young death
}

BOOST_FIXTURE_TEST_CASE(one_that_is_killed_while_it_starts_is_not_replaced_at_once, Crew) {
    start();
    processes.end(last(), kKilled);
    processes.pass(milliseconds(99));
    BOOST_TEST(forks() == 2U);
    processes.pass(milliseconds(1));
    BOOST_TEST(forks() == 3U);
}

BOOST_FIXTURE_TEST_CASE(used_up_workers_are_replaced_one_after_the_other, Crew) {
    config.workers.max_requests = 10;
    start();
    for (const pid_t pid : {1000, 1001})
        processes.say(pid, message::kReady);
    for (const std::size_t slot : {1U, 2U})
        scoreboard.slot(slot).counters.requests = 100;
    processes.pass(milliseconds(50));
    BOOST_TEST(forks() == 3U);
    processes.pass(milliseconds(500));
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(processes.heard(1000).empty());
    processes.say(1002, message::kReady);
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kRetire));
    BOOST_TEST(forks() == 4U);
    processes.say(1003, message::kReady);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kRetire));
    processes.pass(milliseconds(500));
    BOOST_TEST(forks() == 4U);
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
    BOOST_TEST(log.have("cannot be killed: kill: Operation not permitted; another takes its place"));
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

BOOST_FIXTURE_TEST_CASE(a_worker_that_lies_is_killed_and_replaced_and_no_other, Crew) {
    const auto ahead = [this] { scoreboard.slot(1).heartbeat_ms = processes.now_ms() + 1; };
    const auto farthest = [this] { scoreboard.slot(1).heartbeat_ms = INT64_MAX; };
    const auto refused = [this] { scoreboard.slot(1).ring.refuse(scoreboard.owners(1).count()); };
    const auto talks = [this] { processes.say(crew_pids.front(), message::kReady); };
    for (const std::function<void()>& lie :
         std::initializer_list<std::function<void()>>{ahead, farthest, refused, talks}) {
        processes.signals_sent.clear();
        start();
        const std::size_t forked = forks();
        crew_pids.assign(processes.forked.end() - 2, processes.forked.end());
        for (const pid_t pid : crew_pids)
            processes.say(pid, message::kReady);
        beat(1);
        beat(2);
        crew->check_heartbeats();
        BOOST_TEST(processes.signals_sent.empty());
        lie();
        crew->check_heartbeats();
        crew->check_heartbeats();
        BOOST_TEST((processes.signals_sent == Signals{{crew_pids.front(), SIGKILL}}));
        processes.end(crew_pids.front(), kCrash);
        processes.pass(kLong);
        BOOST_TEST(forks() == forked + 1);
        processes.signals_sent.clear();
        beat(1);
        beat(2);
        crew->check_heartbeats();
        BOOST_TEST(processes.signals_sent.empty());
        for (std::size_t slot = 1; slot < scoreboard.size(); ++slot)
            scoreboard.slot(slot).used = false;
        crew.reset();
    }
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
    BOOST_TEST(log.have("1 workers have not finished within shutdown_timeout (5000 ms) and are killed"));
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
    BOOST_TEST(log.have("were told to exit: kill: Operation not permitted"));
    BOOST_TEST(!log.have("killed"));
    processes.end(1001);
    crew->leave_behind();
    BOOST_TEST(log.have("worker 1 (pid 1000) does not exit and is left running"));
    BOOST_TEST(!log.have("worker 2 (pid 1001) does not exit"));
}

}  // namespace
}  // namespace basehttpd
