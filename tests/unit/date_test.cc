#include "basehttp/protocol/date.h"

#include <limits>

#include <boost/test/unit_test.hpp>

#include "tests/unit/time_zone.h"

using namespace basehttp;
using namespace std::literals;

namespace {

constexpr std::time_t kExample = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::time_t kNow = 1'700'000'000;    // Tue, 14 Nov 2023 22:13:20 GMT
constexpr std::time_t kDay = 86'400;

std::string written(std::time_t time) {
    std::string out;
    append_http_date(out, time);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(dates_that_are_read) {
    struct Row {
        std::string_view text;
        std::time_t time;
    };
    for (const auto& [text, time] : {
             Row{"Sun, 06 Nov 1994 08:49:37 GMT", kExample},
             Row{"Sunday, 06-Nov-94 08:49:37 GMT", kExample},
             Row{"Sun Nov  6 08:49:37 1994", kExample},
             Row{"Sun Nov 06 08:49:37 1994", kExample},
             Row{"Wed Nov 16 08:49:37 1994", kExample + 10 * kDay},
             Row{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
             Row{"Wed, 31 Dec 1969 23:59:59 GMT", -1},
             Row{"Thu Jan  1 00:00:00 1970", 0},
             Row{"Friday, 01-Jan-99 00:00:00 GMT", 915'148'800},
             Row{"Tue, 19 Jan 2038 03:14:08 GMT", 2'147'483'648},
             Row{"Fri, 31 Dec 9999 23:59:59 GMT", 253'402'300'799},
             Row{"Mon, 01 Jan 0001 00:00:00 GMT", -62'135'596'800},
             Row{"Tue, 29 Feb 2000 00:00:00 GMT", 951'782'400},
             Row{"Thu, 29 Feb 2024 12:00:00 GMT", 1'709'208'000},
             Row{"Thursday, 29-Feb-24 12:00:00 GMT", 1'709'208'000},
             Row{"Tuesday, 29-Feb-00 00:00:00 GMT", 951'782'400},
             Row{"Fri, 01 Mar 2024 00:00:00 GMT", 1'709'251'200},
             Row{"Sat, 31 Dec 2016 23:59:60 GMT", 1'483'228'799},  // a leap second counts as the one before it
             Row{"Sat, 31 Dec 2016 23:59:59 GMT", 1'483'228'799},
             Row{"Sat, 31 Dec 2016 00:00:60 GMT", 1'483'142'459},
             Row{"Mon, 06 Nov 1994 08:49:37 GMT", kExample},  // the wrong day of the week does no harm
             Row{"Sat, 30 Jan 1999 00:00:00 GMT", 917'654'400},
             Row{"Sun, 31 Jan 1999 00:00:00 GMT", 917'740'800},
             Row{"Fri, 30 Apr 1999 00:00:00 GMT", 925'430'400},
             Row{"Fri, 31 Dec 1999 00:00:00 GMT", 946'598'400},
         }) {
        BOOST_TEST_CONTEXT(text) {
            const auto read = parse_http_date(text, kNow);
            BOOST_TEST_REQUIRE(read.has_value());
            BOOST_TEST(*read == time);
        }
    }
}

BOOST_AUTO_TEST_CASE(dates_that_are_not_read) {
    for (const auto text : {
             ""sv,
             "0"sv,
             "784111777"sv,
             "Sun"sv,
             "now"sv,
             "Sun, 06 Nov 1994 08:49:37"sv,
             "Sun, 06 Nov 1994 08:49:37 "sv,
             "Sun, 06 Nov 1994 08:49:37 GM"sv,
             "Sun, 06 Nov 1994 08:49:37 GMTx"sv,
             "Sun, 06 Nov 1994 08:49:37 GMT "sv,
             " Sun, 06 Nov 1994 08:49:37 GMT"sv,
             "Sun, 06 Nov 1994 08:49:37 UTC"sv,
             "Sun, 06 Nov 1994 08:49:37 gmt"sv,
             "Sun, 06 Nov 1994 08:49:37 +0000"sv,
             "sun, 06 Nov 1994 08:49:37 GMT"sv,
             "Xxx, 06 Nov 1994 08:49:37 GMT"sv,
             "Sunday, 06 Nov 1994 08:49:37 GMT"sv,
             "Sun, 06 nov 1994 08:49:37 GMT"sv,
             "Sun, 06 Xxx 1994 08:49:37 GMT"sv,
             "Sun, 06 November 1994 08:49:37 GMT"sv,
             "Sun,06 Nov 1994 08:49:37 GMT"sv,
             "Sun 06 Nov 1994 08:49:37 GMT"sv,
             "Sun, 6 Nov 1994 08:49:37 GMT"sv,
             "Sun,  6 Nov 1994 08:49:37 GMT"sv,
             "Sun, 006 Nov 1994 08:49:37 GMT"sv,
             "Sun, 06  Nov 1994 08:49:37 GMT"sv,
             "Sun, 06 Nov 94 08:49:37 GMT"sv,
             "Sun, 06 Nov 11994 08:49:37 GMT"sv,
             "Sun, 06 Nov 199 08:49:37 GMT"sv,
             "Sun, 06 Nov -994 08:49:37 GMT"sv,
             "Sun, 06-Nov-1994 08:49:37 GMT"sv,
             "Sun, 06 Nov 1994 8:49:37 GMT"sv,
             "Sun, 06 Nov 1994 08:49 GMT"sv,
             "Sun, 06 Nov 1994 08.49.37 GMT"sv,
             "Sun, 06 Nov 1994 24:00:00 GMT"sv,
             "Sun, 06 Nov 1994 08:60:37 GMT"sv,
             "Sun, 06 Nov 1994 08:49:61 GMT"sv,
             "Sun, 06 Nov 1994 08:49:3: GMT"sv,
             "Sun, 06 Nov 1994 08:49:3/ GMT"sv,
             "Sun, 06 Nov 1994 +8:49:37 GMT"sv,
             "Sun, 00 Nov 1994 08:49:37 GMT"sv,
             "Sun, 31 Nov 1994 08:49:37 GMT"sv,
             "Sun, 32 Jan 1994 08:49:37 GMT"sv,
             "Wed, 29 Feb 2023 00:00:00 GMT"sv,
             "Thu, 29 Feb 1900 00:00:00 GMT"sv,
             "Mon, 29 Feb 2100 00:00:00 GMT"sv,
             "Wed, 30 Feb 2000 00:00:00 GMT"sv,
             "Thu, 31 Apr 2020 00:00:00 GMT"sv,
             "Thu, 99 Apr 2020 00:00:00 GMT"sv,
             "Sun, 06-Nov-94 08:49:37 GMT"sv,
             "Sunday, 06-Nov-1994 08:49:37 GMT"sv,
             "Sunday, 06-Nov-94 08:49:37"sv,
             "Sunday, 06 Nov 94 08:49:37 GMT"sv,
             "Sunday, 6-Nov-94 08:49:37 GMT"sv,
             "Sunday, 31-Nov-94 08:49:37 GMT"sv,
             "Sunday, 29-Feb-23 08:49:37 GMT"sv,
             "Sunday, 06-Nov-94 08:49:37 GMT;"sv,
             "Sun Nov 6 08:49:37 1994"sv,
             "Sun Nov   6 08:49:37 1994"sv,
             "Sun Nov  6 08:49:37 94"sv,
             "Sun Nov  6 08:49:37 1994 GMT"sv,
             "Sun Nov  6 08:49:37 1994\n"sv,
             "Sunday Nov  6 08:49:37 1994"sv,
             "Sun Nov  0 08:49:37 1994"sv,
             "Sun Nov 31 08:49:37 1994"sv,
             "Sun Nov  6 08:49:37"sv,
             "Sun Nov  x 08:49:37 1994"sv,
             "Sun Nov -6 08:49:37 1994"sv,
             "Sun, 06 Nov 1994 08:49:37 G\0T"sv,
             "Sun, 0\0 Nov 1994 08:49:37 GMT"sv,
         }) {
        BOOST_TEST(!parse_http_date(text, kNow).has_value(), text);
    }
}

// RFC 9110, 5.6.7: what seems to be more than 50 years ahead lies in the past.
BOOST_AUTO_TEST_CASE(two_digit_years) {
    struct Row {
        std::string_view now, text, means;
    };
    for (const auto& [now, text, means] : {
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Wednesday, 31-Dec-72 23:59:59 GMT",
                 "Sat, 31 Dec 2072 23:59:59 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Monday, 01-Jan-73 00:00:00 GMT", "Sun, 01 Jan 2073 00:00:00 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Tuesday, 14-Nov-73 22:13:20 GMT", "Tue, 14 Nov 2073 22:13:20 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Wednesday, 14-Nov-73 22:13:21 GMT",
                 "Wed, 14 Nov 1973 22:13:21 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Saturday, 15-Dec-73 00:00:00 GMT",
                 "Sat, 15 Dec 1973 00:00:00 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Tuesday, 01-Jan-74 00:00:00 GMT", "Tue, 01 Jan 1974 00:00:00 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Friday, 31-Dec-99 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"},
             Row{"Tue, 14 Nov 2023 22:13:20 GMT", "Saturday, 01-Jan-00 00:00:00 GMT",
                 "Sat, 01 Jan 2000 00:00:00 GMT"},
             Row{"Fri, 31 Dec 1999 23:59:59 GMT", "Saturday, 01-Jan-00 00:00:00 GMT",
                 "Sat, 01 Jan 2000 00:00:00 GMT"},
             Row{"Fri, 31 Dec 1999 23:59:59 GMT", "Friday, 31-Dec-49 23:59:59 GMT", "Fri, 31 Dec 2049 23:59:59 GMT"},
             Row{"Fri, 31 Dec 1999 23:59:59 GMT", "Sunday, 01-Jan-50 00:00:00 GMT", "Sun, 01 Jan 1950 00:00:00 GMT"},
             Row{"Sun, 01 Jan 2090 00:00:00 GMT", "Thursday, 01-Jan-05 00:00:00 GMT",
                 "Thu, 01 Jan 2105 00:00:00 GMT"},
             Row{"Sun, 01 Jan 2090 00:00:00 GMT", "Sunday, 01-Jan-89 00:00:00 GMT", "Sat, 01 Jan 2089 00:00:00 GMT"},
             Row{"Thu, 29 Feb 2024 00:00:00 GMT", "Thursday, 01-Mar-74 00:00:00 GMT",
                 "Thu, 01 Mar 2074 00:00:00 GMT"},
             Row{"Thu, 29 Feb 2024 00:00:00 GMT", "Friday, 02-Mar-74 00:00:00 GMT", "Sat, 02 Mar 1974 00:00:00 GMT"},
         }) {
        BOOST_TEST_CONTEXT(text << " read at " << now) {
            const auto read = parse_http_date(text, parse_http_date(now, 0).value());
            BOOST_TEST_REQUIRE(read.has_value());
            BOOST_TEST(written(*read) == means);
        }
    }
}

BOOST_AUTO_TEST_CASE(one_form_is_written) {
    struct Row {
        std::time_t time;
        std::string_view text;
    };
    for (const auto& [time, text] : {
             Row{kExample, "Sun, 06 Nov 1994 08:49:37 GMT"},
             Row{0, "Thu, 01 Jan 1970 00:00:00 GMT"},
             Row{-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
             Row{-kDay, "Wed, 31 Dec 1969 00:00:00 GMT"},
             Row{-8 * kDay, "Wed, 24 Dec 1969 00:00:00 GMT"},
             Row{951'782'400, "Tue, 29 Feb 2000 00:00:00 GMT"},
             Row{253'402'300'799, "Fri, 31 Dec 9999 23:59:59 GMT"},
             Row{253'402'300'800, "Fri, 31 Dec 9999 23:59:59 GMT"},
             Row{std::numeric_limits<std::time_t>::max(), "Fri, 31 Dec 9999 23:59:59 GMT"},
             Row{-62'135'596'800, "Mon, 01 Jan 0001 00:00:00 GMT"},
             Row{-62'135'596'801, "Mon, 01 Jan 0001 00:00:00 GMT"},
             Row{std::numeric_limits<std::time_t>::min(), "Mon, 01 Jan 0001 00:00:00 GMT"},
         }) {
        BOOST_TEST(written(time) == text);
    }
    std::string out = "Date: ";
    append_http_date(out, 0);
    BOOST_TEST(out == "Date: Thu, 01 Jan 1970 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(what_is_written_agrees_with_gmtime_and_is_read_back) {
    for (std::time_t time = -62'135'596'800; time < 253'402'300'799; time += 86'399 * 1'009) {
        std::tm utc{};
        BOOST_TEST_REQUIRE(gmtime_r(&time, &utc) != nullptr);
        char text[40];
        std::strftime(text, sizeof text, "%a, %d %b ", &utc);
        char rest[40];
        std::strftime(rest, sizeof rest, " %H:%M:%S GMT", &utc);
        const std::string year = std::to_string(utc.tm_year + 1900);
        BOOST_TEST_REQUIRE(written(time) == text + std::string(4 - year.size(), '0') + year + rest);
        BOOST_TEST_REQUIRE(parse_http_date(written(time), kNow).value() == time);
    }
}

BOOST_AUTO_TEST_CASE(log_dates_carry_the_zone) {
    struct Row {
        const char* zone;
        std::time_t time;
        std::string_view text;
    };
    for (const auto& [zone, time, text] : {
             Row{"UTC0", kExample, "06/Nov/1994:08:49:37 +0000"},
             Row{"XXX-1", kExample, "06/Nov/1994:09:49:37 +0100"},
             Row{"XXX5", kExample, "06/Nov/1994:03:49:37 -0500"},
             Row{"XXX-5:45", kExample, "06/Nov/1994:14:34:37 +0545"},
             Row{"XXX3:30", kExample, "06/Nov/1994:05:19:37 -0330"},
             Row{"XXX0:30", kExample, "06/Nov/1994:08:19:37 -0030"},
             Row{"XXX-14", kExample + 14 * 3600, "07/Nov/1994:12:49:37 +1400"},
             Row{"XXX11", 0, "31/Dec/1969:13:00:00 -1100"},
         }) {
        BOOST_TEST_CONTEXT(zone) {
            const basehttpd_test::TimeZone set(zone);
            std::string out = "[";
            append_log_date(out, time);
            BOOST_TEST(out == "[" + std::string(text));
        }
    }
}
