#include "daemon/master/status_report.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "unit/scripted_daemon.h"

namespace basehttpd {
namespace {

using std::chrono::milliseconds;

struct Report : basehttpd_test::ScriptedDaemon {
    std::string whole() const { return status.verdict(processes.now_ms()).text; }
    bool says(const std::string& part) const { return whole().find(part) != std::string::npos; }
};

BOOST_FIXTURE_TEST_CASE(the_line_is_part_of_the_whole, Report) {
    status.note_reload("applied");
    BOOST_TEST(status.line() ==
               "2 workers on ; 0 connections, 0 busy, 0 requests (0.0/s), "
               "0 answered 5xx (0.0/s), 0 log lines lost; last reload applied");
    BOOST_TEST(says("2 workers on "));
    BOOST_TEST(says("0 connections, 0 busy, 0 requests (0.0/s), 0 answered 5xx (0.0/s)\n"));
    BOOST_TEST(says("0 log lines lost; last reload applied\n"));
    BOOST_TEST(status.verdict(processes.now_ms()).code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_worker_that_is_gone_does_not_count, Report) {
    processes.refuse_fork = EAGAIN;
    processes.pass(milliseconds(2000));
    processes.end(1001);
    processes.pass(milliseconds(0));
    BOOST_TEST(status.line().starts_with("1 workers on "));
}

BOOST_FIXTURE_TEST_CASE(time_is_in_the_largest_units, Report) {
    const std::int64_t start = processes.now_ms();
    const std::pair<std::int64_t, const char*> rows[] = {
        {0, "up 0 s\n"},          {59, "up 59 s\n"},        {60, "up 1 min\n"},
        {3599, "up 59 min\n"},    {3600, "up 1 h 0 min\n"}, {86'399, "up 23 h 59 min\n"},
        {93'600, "up 1 d 2 h\n"},
    };
    for (const auto& [seconds, words] : rows) {
        const std::string text = status.verdict(start + seconds * 1000).text;
        BOOST_TEST(text.find(words) != std::string::npos, seconds << " s: " << text);
    }
}

BOOST_FIXTURE_TEST_CASE(lines_that_found_no_room_are_counted, Report) {
    basehttp::LogRing& ring = scoreboard.slot(1).ring;
    BOOST_TEST(status.line().find(" 0 log lines lost") != std::string::npos);
    ring.count_lost(basehttp::RecordKind::access);
    ring.count_lost(basehttp::RecordKind::access);
    BOOST_TEST(status.line().find(" 2 log lines lost") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(sinks_and_quarantine_have_lines_of_their_own, Report) {
    LogPlan plan;
    plan.sinks.emplace_back().kind = SinkConfig::Kind::standard_error;
    BOOST_REQUIRE(logger.prepare(plan, std::nullopt).has_value());
    BOOST_TEST(says("log standard error: good, 0 lines lost\n"));
    poison.note({1, "\"GET /deadly\""}, 1, processes.now_ms());
    BOOST_TEST(says("\"GET /deadly\""));
}

BOOST_FIXTURE_TEST_CASE(the_last_reloads_are_kept, Report) {
    for (int i = 0; i < 10; ++i)
        status.note_reload("refused: " + std::to_string(i));
    status.note_reload("applied");
    BOOST_TEST(status.line().ends_with("; last reload applied"));
    const std::string json = status.json(processes.now_ms()).text;
    BOOST_TEST(json.find("refused: 9") != std::string::npos);
    BOOST_TEST(json.find("refused: 2\"") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(as_json_it_says_the_same, Report) {
    scoreboard.slot(1).counters.requests = 5;
    LogPlan plan;
    plan.sinks.emplace_back().kind = SinkConfig::Kind::standard_error;
    BOOST_REQUIRE(logger.prepare(plan, std::nullopt).has_value());
    poison.note({1, "\"GET /deadly\""}, 1, processes.now_ms());
    status.note_reload("refused: \"x\"");
    const Verdict verdict = status.json(processes.now_ms());
    BOOST_TEST(verdict.code == 0);
    for (const char* part : {R"("version": ")", R"("requests": 5)", R"("requests_per_second": 0.0)", R"("number": 1)",
                             R"("number": 2)", R"("name": "standard error")", R"("request": "\"GET /deadly\"")",
                             R"("seconds_left": 300)", R"("last_reload": "refused: \"x\"")", R"("of": "workers")"})
        BOOST_TEST(verdict.text.find(part) != std::string::npos, part << " in " << verdict.text);
}

}  // namespace
}  // namespace basehttpd
