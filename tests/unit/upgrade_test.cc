#include "daemon/master/upgrade.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/process/exit_codes.h"
#include "unit/scripted_daemon.h"

namespace basehttpd {
namespace {

using std::chrono::milliseconds;
using Signals = std::vector<std::pair<pid_t, int>>;

constexpr ChildExit kRefused{.by_signal = false, .dumped_core = false, .value = kExitConfig};
constexpr ChildExit kFailed{.by_signal = false, .dumped_core = false, .value = 1};
constexpr ChildExit kKilled{.by_signal = true, .dumped_core = false, .value = kExitConfig};

// The crew that serves is 1001 and 1002; the check is 1003.
struct Upgrading : basehttpd_test::ScriptedDaemon {
    Upgrading() {
        processes.say(1001, message::kReady);
        processes.say(1002, message::kReady);
    }
    Reply reply() {
        return [this](const Verdict& verdict) { verdicts.push_back(verdict); };
    }
    bool refused(const std::string& why, int code = kExitUnavailable) const {
        return !verdicts.empty() && verdicts.back().code == code &&
               verdicts.back().text.find(why) != std::string::npos;
    }

    static constexpr const char* kFile = "/etc/basehttpd.yaml";
    std::vector<Verdict> verdicts;
    unsigned idle = 0;
    Reload reload{{crews, logger, status, service_manager, log}, {}, [] {}};
    Upgrade upgrade{
        {processes, crews, logger, reload, traffic, status, service_manager, log}, kFile, [this] { ++idle; }};
};

BOOST_FIXTURE_TEST_CASE(a_binary_that_can_run_is_executed, Upgrading) {
    upgrade.request(reply());
    BOOST_TEST(!upgrade.idle());
    BOOST_TEST(last() == 1003);
    BOOST_TEST(processes.executed.empty());
    processes.end(1003);
    BOOST_TEST((processes.executed == std::vector<std::string>{"basehttpd", "-c", kFile}));
    BOOST_TEST(log.have("takes over"));
}

// Scripted processes execute nothing: it is as where exec(2) fails.
BOOST_FIXTURE_TEST_CASE(one_that_cannot_be_executed_changes_nothing, Upgrading) {
    upgrade.request(reply());
    processes.end(1003);
    BOOST_TEST(refused("Exec format error"));
    BOOST_TEST(upgrade.idle());
    BOOST_TEST(!Inheritance::take());
    BOOST_TEST(processes.heard(1001).empty());
    BOOST_TEST(processes.heard(1004) == std::string(1, message::kEnd));  // the logger that stood by
    upgrade.request(reply());
    BOOST_TEST(last() == 1005);
}

BOOST_FIXTURE_TEST_CASE(one_that_cannot_run_with_the_configuration_is_not_executed, Upgrading) {
    upgrade.request(reply());
    processes.end(1003, kRefused);
    BOOST_TEST(refused("check exited with 78", kExitConfig));
    BOOST_TEST(processes.executed.empty());
    BOOST_TEST(upgrade.idle());
}

BOOST_FIXTURE_TEST_CASE(one_that_cannot_be_asked_says_nothing_of_the_configuration, Upgrading) {
    for (const ChildExit& end : {kFailed, kKilled}) {
        upgrade.request(reply());
        processes.end(last(), end);
        BOOST_TEST(refused("check " + end.text()));
    }
}

BOOST_FIXTURE_TEST_CASE(a_check_that_cannot_be_started_is_no_upgrade, Upgrading) {
    processes.refuse_fork = EAGAIN;
    upgrade.request(reply());
    BOOST_TEST(refused("fork"));
    BOOST_TEST(upgrade.idle());
}

BOOST_AUTO_TEST_CASE(a_binary_that_was_replaced_is_looked_for_where_it_was) {
    BOOST_TEST(basehttpd::Upgrade::path_of("/usr/sbin/basehttpd") == "/usr/sbin/basehttpd");
    BOOST_TEST(basehttpd::Upgrade::path_of("/usr/sbin/basehttpd (deleted)") == "/usr/sbin/basehttpd");
}

BOOST_FIXTURE_TEST_CASE(one_at_a_time, Upgrading) {
    upgrade.request();
    upgrade.request(reply());
    BOOST_TEST(refused("under way"));
    BOOST_TEST(forks() == 4U);
}

BOOST_FIXTURE_TEST_CASE(without_a_file_there_is_none, Upgrading) {
    Upgrade without({processes, crews, logger, reload, traffic, status, service_manager, log}, {}, [] {});
    without.request(reply());
    BOOST_TEST(refused("without a configuration file"));
}

BOOST_FIXTURE_TEST_CASE(a_logger_that_hands_over_comes_first, Upgrading) {
    upgrade.request(reply());
    logger.use({});
    processes.end(1003);
    BOOST_TEST(refused("a reload or a reopen came first"));
    BOOST_TEST(processes.executed.empty());
}

struct DuringReload : Upgrading {
    DuringReload() { basehttpd_test::write_config(folder); }
    basehttpd_test::TemporaryFolder folder;
    Reload reload{{crews, logger, status, service_manager, log}, folder.path("basehttpd.yaml"), [] {}};
    Upgrade upgrade{
        {processes, crews, logger, reload, traffic, status, service_manager, log}, kFile, [this] { ++idle; }};
};

BOOST_FIXTURE_TEST_CASE(a_reload_under_way_is_finished_first, DuringReload) {
    reload.request();
    BOOST_REQUIRE(reload.under_way());
    upgrade.request(reply());
    BOOST_TEST(refused("under way"));
    BOOST_TEST(last() == 1003);
}

BOOST_FIXTURE_TEST_CASE(a_reload_during_the_check_comes_first, DuringReload) {
    upgrade.request(reply());
    reload.request();
    BOOST_REQUIRE(reload.under_way());
    processes.end(1003);
    BOOST_TEST(refused("came first"));
    BOOST_TEST(processes.executed.empty());
}

BOOST_FIXTURE_TEST_CASE(a_stop_during_the_check_refuses_it, Upgrading) {
    upgrade.request(reply());
    upgrade.stop();
    BOOST_TEST(!upgrade.idle());
    processes.end(1003);
    BOOST_TEST(refused("the daemon stops"));
    BOOST_TEST(processes.executed.empty());
    BOOST_TEST(idle == 1U);
    BOOST_TEST(upgrade.idle());
    upgrade.request(reply());
    BOOST_TEST(verdicts.size() == 2U);
    BOOST_TEST(forks() == 4U);
}

BOOST_FIXTURE_TEST_CASE(a_stop_at_once_kills_the_check, Upgrading) {
    upgrade.request(reply());
    upgrade.kill();
    BOOST_TEST((processes.signals_sent == Signals{{1003, SIGKILL}}));
}

// The new binary, with a worker (10) and a logger (20) of the one before.
struct Adopting : Upgrading {
    Adopting() {
        Inheritance inherited;
        inherited.workers.push_back({10, worker.master_end.release()});
        inherited.logger = {20, old_logger.master_end.release()};
        upgrade.adopt(inherited, std::nullopt);
    }
    static bool heard(const Channel& line, char message) {
        char got = 0;
        return ::recv(line.child_end.get(), &got, 1, MSG_DONTWAIT) == 1 && got == message;
    }
    Channel worker = Channel::create().value();
    Channel old_logger = Channel::create().value();
};

BOOST_FIXTURE_TEST_CASE(its_predecessor_goes_when_it_serves, Adopting) {
    BOOST_TEST(!heard(worker, message::kRetire));
    upgrade.request(reply());
    BOOST_TEST(refused("under way"));
    upgrade.retire_predecessor();
    BOOST_TEST(heard(worker, message::kRetire));
    processes.end(10);
    BOOST_TEST(heard(old_logger, message::kStop));
    BOOST_TEST(idle == 0U);
    processes.end(20);
    processes.pass(milliseconds(0));
    BOOST_TEST(idle == 1U);
    BOOST_TEST(upgrade.idle());
}

BOOST_FIXTURE_TEST_CASE(its_predecessor_is_killed_with_it, Adopting) {
    upgrade.kill();
    BOOST_TEST((processes.signals_sent == Signals{{10, SIGKILL}}));
    upgrade.leave_behind();
    BOOST_TEST(log.have("worker (pid 10) from before the upgrade does not exit"));
}

}  // namespace
}  // namespace basehttpd
