#include "daemon/master/reload.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/process/exit_codes.h"
#include "unit/scripted_daemon.h"

namespace basehttpd {
namespace {

using std::chrono::milliseconds;

constexpr ChildExit kCrash{.by_signal = true, .dumped_core = false, .value = SIGSEGV};

// The crew that serves is 1001 and 1002; that of the first reload is 1003 and on.
struct Reloading : basehttpd_test::ScriptedDaemon {
    Reloading() {
        basehttpd_test::write_config(folder);
        processes.say(1001, message::kReady);
        processes.say(1002, message::kReady);
    }
    Reply reply() {
        return [this](const Verdict& verdict) { verdicts.push_back(verdict); };
    }
    /// The codes of the verdicts so far.
    std::vector<int> codes() const {
        std::vector<int> codes;
        for (const Verdict& verdict : verdicts)
            codes.push_back(verdict.code);
        return codes;
    }

    basehttpd_test::TemporaryFolder folder;
    unsigned applied = 0;
    std::vector<Verdict> verdicts;
    Reload reload{
        {crews, logger, status, service_manager, log}, folder.path("basehttpd.yaml"), [this] { ++applied; }};
};

using Codes = std::vector<int>;

BOOST_FIXTURE_TEST_CASE(the_next_crew_takes_over_when_a_worker_accepts, Reloading) {
    reload.request(reply());
    BOOST_TEST(reload.under_way());
    BOOST_TEST(last() == 1003);
    BOOST_TEST(verdicts.empty());
    BOOST_TEST(processes.heard(1001).empty());
    processes.say(1003, message::kReady);
    BOOST_TEST(!reload.under_way());
    BOOST_TEST(codes() == Codes{0});
    BOOST_TEST(applied == 1U);
    BOOST_TEST(crews.serving().config().workers.count == 1U);
    BOOST_TEST(processes.heard(1001) == std::string(1, message::kRetire));
    BOOST_TEST(processes.heard(1003).empty());
    BOOST_TEST(processes.heard(1000) == std::string(1, message::kHandOver));
    BOOST_TEST(status.line().ends_with("; last reload applied"));
    BOOST_TEST(log.have("reload applied\n"));
}

BOOST_FIXTURE_TEST_CASE(the_crew_before_is_gone_with_its_last_worker, Reloading) {
    reload.request();
    processes.say(1003, message::kReady);
    processes.end(1001);
    processes.pass(milliseconds(0));
    BOOST_TEST(gone == 0U);
    processes.end(1002);
    processes.pass(milliseconds(0));
    BOOST_TEST(gone == 1U);
    BOOST_TEST(forks() == 4U);
}

BOOST_FIXTURE_TEST_CASE(a_file_with_errors_changes_nothing, Reloading) {
    basehttpd_test::write_config(folder, "wrokers: 2\nrooot: /\n");
    reload.request(reply());
    BOOST_TEST(codes() == Codes{kExitConfig});
    BOOST_TEST(verdicts[0].text.find("wrokers") != std::string::npos);
    BOOST_TEST(verdicts[0].text.find("rooot") != std::string::npos);
    BOOST_TEST(!reload.under_way());
    BOOST_TEST(forks() == 3U);
    BOOST_TEST(applied == 0U);
    BOOST_TEST(status.line().find("last reload refused") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_configuration_that_check_refuses_changes_nothing, Reloading) {
    std::filesystem::remove(folder.path("www"));
    reload.request(reply());
    BOOST_TEST(codes() == Codes{kExitConfig});
    BOOST_TEST(forks() == 3U);
}

BOOST_FIXTURE_TEST_CASE(without_a_file_there_is_nothing_to_read, Reloading) {
    Reload without({crews, logger, status, service_manager, log}, {}, [this] { ++applied; });
    without.request(reply());
    BOOST_TEST(codes() == Codes{kExitConfig});
}

BOOST_FIXTURE_TEST_CASE(more_workers_than_there_is_room_for_are_refused, Reloading) {
    for (std::size_t i = 0; i < kSlots - 2; ++i)
        scoreboard.slot(kSlots - i).used = true;
    reload.request(reply());
    BOOST_TEST(codes() == Codes{kExitUnavailable});
    BOOST_TEST(forks() == 3U);
}

BOOST_FIXTURE_TEST_CASE(logs_that_cannot_be_opened_are_refused, Reloading) {
    folder.make_folder("access.log");
    reload.request(reply());
    BOOST_TEST(codes().size() == 1U);
    BOOST_TEST(codes() != Codes{0});
    BOOST_TEST(forks() == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_crew_that_gives_up_is_dropped, Reloading) {
    reload.request(reply());
    processes.end(1003, kCrash);
    processes.pass(milliseconds(200));
    BOOST_TEST(last() == 1004);
    BOOST_TEST(verdicts.empty());
    processes.end(1004, kCrash);
    BOOST_TEST(codes() == Codes{kExitUnavailable});
    BOOST_TEST(!reload.under_way());
    BOOST_TEST(crashed == 0U);
    BOOST_TEST(crews.serving().size() == 2U);
    BOOST_TEST(processes.heard(1001).empty());
    BOOST_TEST(processes.heard(1000).empty());
    processes.pass(milliseconds(10'000));
    BOOST_TEST(forks() == 5U);
    BOOST_TEST(!std::filesystem::exists(folder.path("socket")));
}

BOOST_FIXTURE_TEST_CASE(one_that_gives_up_later_is_the_daemon_s_end, Reloading) {
    reload.request(reply());
    processes.say(1003, message::kReady);
    processes.end(1003, kCrash);
    processes.pass(milliseconds(200));
    processes.end(last(), kCrash);
    BOOST_TEST(codes() == Codes{0});
    BOOST_TEST(crashed == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_request_during_a_reload_is_a_further_one, Reloading) {
    reload.request(reply());
    basehttpd_test::write_config(folder, "wrong\n");
    reload.request(reply());
    reload.request(reply());
    BOOST_TEST(forks() == 4U);
    processes.say(1003, message::kReady);
    BOOST_TEST(codes() == (Codes{0, kExitConfig, kExitConfig}));
    BOOST_TEST(!reload.under_way());
    BOOST_TEST(crews.serving().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_further_one_is_tried_after_one_that_gave_up, Reloading) {
    reload.request(reply());
    reload.request(reply());
    processes.end(1003, kCrash);
    processes.pass(milliseconds(200));
    processes.end(1004, kCrash);
    BOOST_TEST(codes() == Codes{kExitUnavailable});
    BOOST_TEST(reload.under_way());
    processes.say(1005, message::kReady);
    BOOST_TEST(codes() == (Codes{kExitUnavailable, 0}));
}

BOOST_FIXTURE_TEST_CASE(a_stop_drops_what_is_under_way_and_answers_all, Reloading) {
    reload.request(reply());
    reload.request(reply());
    reload.stop();
    BOOST_TEST(codes() == (Codes{kExitUnavailable, kExitUnavailable}));
    BOOST_TEST((processes.signals_sent == std::vector<std::pair<pid_t, int>>{{1003, SIGKILL}}));
    BOOST_TEST(!reload.under_way());
    crews.stop();
    BOOST_TEST(!crews.gone());
    for (const pid_t pid : {1001, 1002, 1003})
        processes.end(pid);
    processes.pass(milliseconds(0));
    BOOST_TEST(crews.gone());
}

BOOST_FIXTURE_TEST_CASE(nothing_is_read_after_a_stop, Reloading) {
    reload.stop();
    reload.request(reply());
    BOOST_TEST(codes() == Codes{kExitUnavailable});
    BOOST_TEST(forks() == 3U);
}

BOOST_FIXTURE_TEST_CASE(logs_that_were_renamed_are_opened_anew_for_the_next_logger, Reloading) {
    reload.request();
    std::filesystem::rename(folder.path("access.log"), folder.path("access.log.1"));
    reload.reopen_logs();
    BOOST_TEST(std::filesystem::exists(folder.path("access.log")));
}

// A worker of the crew that is tried hangs before it accepts.
BOOST_FIXTURE_TEST_CASE(the_heartbeats_of_the_next_crew_are_looked_at, Reloading) {
    reload.request();
    for (int i = 0; i < 50; ++i) {
        processes.pass(milliseconds(250));
        for (const std::size_t slot : {1, 2})
            scoreboard.slot(slot).heartbeat_ms = processes.now_ms();
        crews.check_heartbeats();
    }
    BOOST_TEST(!processes.signals_sent.empty());
    BOOST_TEST(processes.signals_sent.front().first == 1003);
}

}  // namespace
}  // namespace basehttpd
