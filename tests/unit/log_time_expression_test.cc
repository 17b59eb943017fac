#include <boost/test/unit_test.hpp>

#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/ctl/logs/lines/time_expression.h"
#include "tests/unit/time_zone.h"

using namespace basehttpd;
using basehttpd_test::TimeZone;

namespace {

std::string told(std::string_view text, const char* now) {
    const auto time = parse_time_expression(text, *read_iso_time(now));
    if (!time) return "none";
    std::string shown;
    append_iso_time(shown, *time);
    return shown.substr(0, 19) + shown.substr(26);
}

}  // namespace

BOOST_AUTO_TEST_CASE(times_as_people_say_them) {
    const TimeZone zone("Europe/Berlin");
    struct Row {
        std::string_view text;
        std::string time;
    };
    for (const auto& [text, time] : {
             Row{"now", "2026-11-25T11:00:00+01:00"},
             Row{"10 min ago", "2026-11-25T10:50:00+01:00"},
             Row{"10min ago", "2026-11-25T10:50:00+01:00"},
             Row{"  2 Hours ago ", "2026-11-25T09:00:00+01:00"},
             Row{"1h30m ago", "2026-11-25T09:30:00+01:00"},
             Row{"1 day 6 hours ago", "2026-11-24T05:00:00+01:00"},
             Row{"1h", "2026-11-25T10:00:00+01:00"},
             Row{"1 day 6 hours", "2026-11-24T05:00:00+01:00"},
             Row{"-90s", "2026-11-25T10:58:30+01:00"},
             Row{"2 weeks ago", "2026-11-11T11:00:00+01:00"},
             Row{"today", "2026-11-25T00:00:00+01:00"},
             Row{"yesterday", "2026-11-24T00:00:00+01:00"},
             Row{"Yesterday 18:30", "2026-11-24T18:30:00+01:00"},
             Row{"today 10:00", "2026-11-25T10:00:00+01:00"},
             Row{"tomorrow", "2026-11-26T00:00:00+01:00"},
             Row{"9:05", "2026-11-25T09:05:00+01:00"},
             Row{"10:00:30", "2026-11-25T10:00:30+01:00"},
             Row{"2026-11-25", "2026-11-25T00:00:00+01:00"},
             Row{"2026-11-25 10:00", "2026-11-25T10:00:00+01:00"},
             Row{"2026-07-01T10:00", "2026-07-01T10:00:00+02:00"},
             Row{"2026-11-25T10:00:00Z", "2026-11-25T11:00:00+01:00"},
             Row{"2026-11-25T10:00:00.25+05:30", "2026-11-25T05:30:00+01:00"},
             Row{"25/Nov/2026:10:00:00 +0000", "2026-11-25T11:00:00+01:00"},
             Row{"@1795600800", "2026-11-25T11:00:00+01:00"},
             Row{"", "none"},
             Row{"ago", "none"},
             Row{"10 ago", "none"},
             Row{"10 parsecs ago", "none"},
             Row{"10", "none"},
             Row{"99999999999 weeks ago", "none"},
             Row{"yesterdays", "none"},
             Row{"yesterday 25:00", "none"},
             Row{"today10:00", "none"},
             Row{"2026-11-31", "none"},
             Row{"2026-13-01", "none"},
             Row{"2026-11-25T10:00:00+99:00", "none"},
             Row{"@", "none"},
             Row{"@99999999999999999", "none"},
             Row{"soon", "none"},
         }) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(told(text, "2026-11-25T11:00:00+01:00") == time);
        }
    }
}

BOOST_AUTO_TEST_CASE(days_around_a_change_of_clocks) {
    const TimeZone zone("Europe/Berlin");
    struct Row {
        std::string_view text;
        const char* now;
        std::string time;
    };
    for (const auto& [text, now, time] : {
             Row{"today", "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00"},
             Row{"yesterday", "2026-10-26T00:30:00+01:00", "2026-10-25T00:00:00+02:00"},
             Row{"yesterday 02:30", "2026-03-30T10:00:00+02:00", "2026-03-29T03:30:00+02:00"},
             Row{"24 hours ago", "2026-10-25T12:00:00+01:00", "2026-10-24T13:00:00+02:00"},
             Row{"yesterday 12:00", "2026-03-29T12:00:00+02:00", "2026-03-28T12:00:00+01:00"},
             Row{"today", "2026-03-29T00:10:00+01:00", "2026-03-29T00:00:00+01:00"},
         }) {
        BOOST_TEST_CONTEXT(text << " at " << now) {
            BOOST_TEST(told(text, now) == time);
        }
    }
}
