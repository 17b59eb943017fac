#include "basehttp/server/quarantine.h"

#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/master/poison_ledger.h"

namespace {

using basehttp::Quarantine;
using basehttpd::PoisonLedger;

struct KeepingLog final : basehttp::Log {
    void access(const basehttp::AccessRecord&) override {}
    void error(const basehttp::ErrorRecord& record) override {
        lines.push_back(std::string(severity_name(record.severity)) + ": " + std::string(record.text));
    }
    std::vector<std::string> lines;
};

struct Fixture {
    Quarantine quarantine;
    KeepingLog log;
    PoisonLedger ledger{quarantine, log};

    void die_of(std::uint64_t fingerprint, std::int64_t at_ms, unsigned limit = 3) {
        ledger.note({fingerprint, "\"GET /\" for x"}, limit, at_ms);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(quarantine_and_ledger, Fixture)

BOOST_AUTO_TEST_CASE(one_is_kept_until_its_time_is_over) {
    BOOST_TEST(quarantine.empty());
    quarantine.add(7, 100);
    BOOST_TEST(!quarantine.empty());
    BOOST_TEST(quarantine.until_ms(7, 99).value_or(0) == 100);
    BOOST_TEST(!quarantine.until_ms(7, 100).has_value());
    BOOST_TEST(!quarantine.until_ms(8, 0).has_value());
    quarantine.expire(99);
    BOOST_TEST(!quarantine.empty());
    quarantine.expire(100);
    BOOST_TEST(quarantine.empty());
}

BOOST_AUTO_TEST_CASE(one_more_than_fit_takes_the_place_of_the_first_to_go) {
    for (std::uint64_t i = 1; i <= Quarantine::kMost + 1; ++i)
        quarantine.add(i, static_cast<std::int64_t>(1000 + i));
    BOOST_TEST(!quarantine.until_ms(1, 0).has_value());
    BOOST_TEST(quarantine.until_ms(2, 0).has_value());
    BOOST_TEST(quarantine.until_ms(Quarantine::kMost + 1, 0).has_value());
    quarantine.clear();
    BOOST_TEST(quarantine.empty());
}

BOOST_AUTO_TEST_CASE(the_limit_within_a_minute) {
    die_of(7, 0);
    die_of(7, 1);
    BOOST_TEST(quarantine.empty());
    die_of(8, 2);
    BOOST_TEST(quarantine.empty());
    die_of(7, 60'000);
    BOOST_TEST(quarantine.until_ms(7, 60'000).value_or(0) == 60'000 + 300'000);
    BOOST_TEST(!quarantine.until_ms(8, 60'000).has_value());
    BOOST_TEST_REQUIRE(log.lines.size() == 1U);
    BOOST_TEST(
        log.lines[0] ==
        "critical: 3 workers have crashed on \"GET /\" for x within a minute: it is answered 503 for 300 s, or "
        "until a reload");
    BOOST_TEST(ledger.text(61'000) == "answered 503 for 299 s more: \"GET /\" for x\n");
}

BOOST_AUTO_TEST_CASE(deaths_that_lie_too_far_apart_do_not_count_together) {
    die_of(7, 0);
    die_of(7, 1);
    die_of(7, 60'001);
    BOOST_TEST(quarantine.empty());
    die_of(7, 60'001);
    BOOST_TEST(!quarantine.empty());
}

BOOST_AUTO_TEST_CASE(it_is_named_once_and_let_go) {
    for (int i = 0; i < 9; ++i)
        die_of(7, i);
    BOOST_TEST(log.lines.size() == 1U);
    ledger.expire(300'100);
    BOOST_TEST(quarantine.empty());
    BOOST_TEST_REQUIRE(log.lines.size() == 2U);
    BOOST_TEST(log.lines[1] == "notice: \"GET /\" for x is served again");
    BOOST_TEST(ledger.text(0) == "");
}

BOOST_AUTO_TEST_CASE(a_limit_of_one_of_none_and_a_fresh_start) {
    die_of(7, 0, 0);
    BOOST_TEST(quarantine.empty());
    die_of(7, 0, 1);
    BOOST_TEST(!quarantine.empty());
    ledger.clear();
    BOOST_TEST(quarantine.empty());
    BOOST_TEST(ledger.text(0) == "");
}

BOOST_AUTO_TEST_SUITE_END()
