#include "daemon/master/traffic.h"

#include <algorithm>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "daemon/status/status_text.h"

namespace basehttpd {
namespace {

// A scoreboard with a worker in slot 1, looked at once a second.
struct Fixture {
    Fixture() { begin(1, 100); }

    void begin(std::size_t slot, pid_t pid) {
        board.slot(slot).pid = pid;
        board.slot(slot).used = true;
        board.slot(slot).state = WorkerState::serving;
    }

    void second(std::uint64_t requests, std::uint64_t errors = 0, std::size_t slot = 1) {
        basehttp::add_to(board.slot(slot).counters.requests, requests);
        for (std::uint64_t i = 0; i < errors; ++i)
            board.slot(slot).counters.responses.add(500);
        traffic.measure(now_ms += 1000);
    }

    StatusFacts facts() const { return facts_of(traffic); }
    static StatusFacts facts_of(const Traffic& of) {
        StatusFacts facts;
        of.add_to(facts);
        return facts;
    }
    bool says(const std::string& part) const { return traffic_summary(facts()).find(part) != std::string::npos; }

    std::string row(std::size_t number) const {
        std::istringstream lines(worker_table(facts()));
        std::string line;
        for (std::size_t i = 0; i <= number; ++i)
            std::getline(lines, line);
        return line;
    }

    std::int64_t now_ms = 5000;
    Scoreboard board = Scoreboard::create(2).value();
    Traffic traffic{board};
};

BOOST_FIXTURE_TEST_CASE(rates_are_means_of_the_last_seconds, Fixture) {
    traffic.measure(now_ms);
    BOOST_TEST(says("0 requests (0.0/s)"));
    second(10, 1);
    BOOST_TEST(says("10 requests (10.0/s), 1 answered 5xx (1.0/s)"));
    second(20);
    BOOST_TEST(says("30 requests (15.0/s), 1 answered 5xx (0.5/s)"));
    for (int i = 0; i < 5; ++i)
        second(2);
    BOOST_TEST(says("40 requests (2.0/s), 1 answered 5xx (0.0/s)"));
}

BOOST_FIXTURE_TEST_CASE(a_worker_counts_its_own_and_the_total_stays, Fixture) {
    second(10);
    board.slot(1).pid = 101;
    second(3);
    BOOST_TEST(says("13 requests"));
    BOOST_TEST(row(1).find("101") != std::string::npos);
    BOOST_TEST(row(1).find(" 3 ") != std::string::npos);
    BOOST_TEST(row(1).find(" 13 ") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(two_workers_add_up, Fixture) {
    begin(2, 200);
    traffic.measure(now_ms);
    second(4);
    second(6, 0, 2);
    BOOST_TEST(says("10 requests (5.0/s)"));
    BOOST_TEST(row(2).starts_with("worker 2   pid 200     serving"));
}

BOOST_FIXTURE_TEST_CASE(what_an_earlier_master_counted_goes_on, Fixture) {
    BOOST_TEST(!says("refused"));
    Traffic::Totals earlier;
    earlier.all.requests = 1000;
    earlier.all.responses[5] = 7;
    earlier.all.refused = 2;
    const Traffic later(board, earlier);
    basehttp::add_to(board.slot(1).counters.refused, std::uint64_t{3});
    BOOST_TEST(traffic_summary(facts_of(later)).ends_with(", 5 connections refused"));
    basehttp::add_to(board.slot(1).counters.requests, std::uint64_t{5});
    BOOST_TEST(later.totals().all.requests == 1005U);
    BOOST_TEST(later.totals().all.server_errors() == 7U);
}

BOOST_FIXTURE_TEST_CASE(totals_never_go_back, Fixture) {
    board.site_numbers().add("a");
    board.slot(1).sites[0].responses.add(200);
    second(10, 2);
    board.slot(1).counters.requests = 3;  // by its own account
    traffic.measure(now_ms += 1000);
    BOOST_TEST(facts().totals.requests == 10U);
    BOOST_TEST(facts().totals.server_errors() == 2U);
    BOOST_TEST(traffic.totals().all.requests == 10U);
    board.slot(1).pid = 0;
    board.slot(1).used = false;
    traffic.measure(now_ms += 1000);
    BOOST_TEST(facts().totals.requests == 10U);
    BOOST_TEST(facts().sites.begin()->figures.responses[2] == 1U);
}

BOOST_FIXTURE_TEST_CASE(sites_keep_their_counts_by_name, Fixture) {
    board.site_numbers().add("b");
    board.slot(1).sites[0].responses.add(404);
    board.slot(1).sites[SiteNumbers::kMost - 1].responses.add(500);
    second(2);
    Traffic later(board, traffic.totals());
    later.measure(now_ms);
    const StatusFacts after = facts_of(later);
    BOOST_TEST(after.sites.size() == 2U);
    BOOST_TEST(after.sites.begin()->name.view() == "b");
    BOOST_TEST(after.sites.begin()->figures.responses[4] == 2U);  // what was handed on, and what is still there
    BOOST_TEST((after.sites.begin() + 1)->name.view() == SiteNumbers::kOthers);
}

BOOST_FIXTURE_TEST_CASE(times_of_the_last_seconds, Fixture) {
    board.slot(1).counters.times.add(1'000'000);
    second(1);
    board.slot(1).counters.times.add(50'000'000);
    second(1);
    const auto recent = facts().recent_times;
    const double within = basehttp::TimeRanges::percentile(recent, 0.5);
    BOOST_TEST((within > 0.050 && within < 0.057), within);
    BOOST_TEST(basehttp::TimeRanges::percentile(facts().totals.times, 0.5) < 0.0012);
}

BOOST_FIXTURE_TEST_CASE(no_line_is_wider_than_a_terminal, Fixture) {
    board.slot(1).pid = 4'194'304;
    board.slot(1).counters.connections = 100'000;
    second(999'999'999'999);
    std::istringstream lines(worker_table(facts()));
    for (std::string line; std::getline(lines, line);)
        BOOST_TEST(line.size() <= 80U, line);
}

BOOST_FIXTURE_TEST_CASE(no_worker_no_table, Fixture) {
    board.slot(1).used = false;
    BOOST_TEST(worker_table(facts()).empty());
}

}  // namespace
}  // namespace basehttpd
