#include "basehttp/protocol/condition.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {

std::ostream& boost_test_print_type(std::ostream& out, Precondition precondition) {
    return out << static_cast<int>(precondition);
}

namespace {

// The representation of all rows: last changed on Sun, 06 Nov 1994 08:49:37 GMT; it is a day later now.
constexpr std::time_t kModified = 784'111'777;
constexpr std::time_t kNow = kModified + 86'400;
constexpr std::string_view kEtag = "\"abc\"";
constexpr std::string_view kThen = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

Request request_with(std::string_view method, const std::vector<FieldLine>& lines) {
    Request request;
    request.method = method;
    for (const FieldLine& line : lines)
        request.fields.add(line.name, line.value);
    return request;
}

struct PreconditionRow {
    const char* name;
    std::vector<FieldLine> fields;
    Precondition read;   // for GET and HEAD
    Precondition write;  // for PUT
};

constexpr auto kProceed = Precondition::proceed;
constexpr auto kNotModified = Precondition::not_modified;
constexpr auto kFailed = Precondition::failed;

const std::vector<PreconditionRow> kPreconditions{
    {"none", {}, kProceed, kProceed},
    {"If-Match that matches", {{"If-Match", "\"abc\""}}, kProceed, kProceed},
    {"If-Match in a list", {{"if-match", "\"x\", \"abc\""}}, kProceed, kProceed},
    {"If-Match on a second line", {{"If-Match", "\"x\""}, {"If-Match", "\"abc\""}}, kProceed, kProceed},
    {"If-Match: *", {{"If-Match", "*"}}, kProceed, kProceed},
    {"If-Match with another tag", {{"If-Match", "\"x\""}}, kFailed, kFailed},
    {"If-Match with a weak tag", {{"If-Match", "W/\"abc\""}}, kFailed, kFailed},
    {"If-Match, malformed", {{"If-Match", "abc"}}, kFailed, kFailed},
    {"If-Match, a tag without its end", {{"If-Match", "\"abc"}}, kFailed, kFailed},
    {"If-Match, empty", {{"If-Match", ""}}, kFailed, kFailed},
    {"If-Match wins over If-Unmodified-Since",
     {{"If-Match", "\"abc\""}, {"If-Unmodified-Since", kBefore}},
     kProceed,
     kProceed},
    {"unmodified since then", {{"If-Unmodified-Since", kThen}}, kProceed, kProceed},
    {"unmodified since later", {{"If-Unmodified-Since", kAfter}}, kProceed, kProceed},
    {"modified since", {{"If-Unmodified-Since", kBefore}}, kFailed, kFailed},
    {"If-Unmodified-Since, no date", {{"If-Unmodified-Since", "yesterday"}}, kProceed, kProceed},
    {"If-Unmodified-Since, twice",
     {{"If-Unmodified-Since", kBefore}, {"If-Unmodified-Since", kBefore}},
     kProceed,
     kProceed},
    {"If-None-Match that matches", {{"If-None-Match", "\"abc\""}}, kNotModified, kFailed},
    {"If-None-Match, weakly", {{"If-None-Match", "W/\"abc\""}}, kNotModified, kFailed},
    {"If-None-Match: *", {{"If-None-Match", "*"}}, kNotModified, kFailed},
    {"If-None-Match in a list", {{"If-None-Match", "\"x\",,\"abc\" , \"y\""}}, kNotModified, kFailed},
    {"If-None-Match with a comma in a tag", {{"If-None-Match", "\"x,\\\",\"abc\""}}, kNotModified, kFailed},
    {"If-None-Match with another tag", {{"If-None-Match", "\"x\""}}, kProceed, kProceed},
    {"If-None-Match, malformed", {{"If-None-Match", "abc"}}, kProceed, kProceed},
    {"If-None-Match, case counts", {{"If-None-Match", "\"ABC\""}}, kProceed, kProceed},
    {"not modified since then", {{"If-Modified-Since", kThen}}, kNotModified, kProceed},
    {"not modified since later", {{"If-Modified-Since", kAfter}}, kNotModified, kProceed},
    {"modified since before", {{"If-Modified-Since", kBefore}}, kProceed, kProceed},
    {"If-Modified-Since, RFC 850", {{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"}}, kNotModified, kProceed},
    {"If-Modified-Since, asctime", {{"If-Modified-Since", "Sun Nov  6 08:49:37 1994"}}, kNotModified, kProceed},
    {"If-Modified-Since, no date", {{"If-Modified-Since", "0"}}, kProceed, kProceed},
    {"If-None-Match that matches wins over an older date",
     {{"If-None-Match", "\"abc\""}, {"If-Modified-Since", kBefore}},
     kNotModified,
     kFailed},
    {"If-None-Match that does not wins over the same date",
     {{"If-None-Match", "\"x\""}, {"If-Modified-Since", kThen}},
     kProceed,
     kProceed},
    {"If-Match comes before If-None-Match", {{"If-None-Match", "\"abc\""}, {"If-Match", "\"x\""}}, kFailed, kFailed},
    {"If-Match holds, If-None-Match decides",
     {{"If-Match", "*"}, {"If-None-Match", "\"abc\""}},
     kNotModified,
     kFailed},
    {"If-Unmodified-Since fails before If-None-Match",
     {{"If-None-Match", "\"abc\""}, {"If-Unmodified-Since", kBefore}},
     kFailed,
     kFailed},
};

BOOST_AUTO_TEST_CASE(preconditions) {
    const Validators current{kEtag, kModified};
    for (const PreconditionRow& row : kPreconditions) {
        BOOST_TEST_CONTEXT(row.name) {
            for (const std::string_view method : {"GET", "HEAD"})
                BOOST_TEST(evaluate_preconditions(request_with(method, row.fields), current, kNow) == row.read);
            BOOST_TEST(evaluate_preconditions(request_with("PUT", row.fields), current, kNow) == row.write);
        }
    }
}

BOOST_AUTO_TEST_CASE(dates_do_not_count_where_none_is_known) {
    const Validators current{kEtag, std::nullopt};
    for (const std::string_view name : {"If-Modified-Since", "If-Unmodified-Since"}) {
        for (const std::string_view date : {kBefore, kAfter})
            BOOST_TEST(evaluate_preconditions(request_with("GET", {{name, date}}), current, kNow) == kProceed);
    }
}

BOOST_AUTO_TEST_CASE(a_weak_tag_matches_weakly_alone) {
    const Validators current{"W/\"abc\"", kModified};
    BOOST_TEST(evaluate_preconditions(request_with("GET", {{"If-None-Match", "\"abc\""}}), current, kNow) ==
               kNotModified);
    BOOST_TEST(evaluate_preconditions(request_with("GET", {{"If-Match", "W/\"abc\""}}), current, kNow) == kFailed);
}

struct IfRangeRow {
    const char* name;
    std::vector<FieldLine> fields;
    bool holds;
};

const std::vector<IfRangeRow> kIfRanges{
    {"none", {}, true},
    {"the tag", {{"If-Range", "\"abc\""}}, true},
    {"another tag", {{"If-Range", "\"x\""}}, false},
    {"a weak tag", {{"If-Range", "W/\"abc\""}}, false},
    {"two tags", {{"If-Range", "\"abc\", \"x\""}}, false},
    {"the date", {{"If-Range", kThen}}, true},
    {"an older date", {{"If-Range", kBefore}}, false},
    {"a newer date: it has to be the same", {{"If-Range", kAfter}}, false},
    {"neither", {{"If-Range", "abc"}}, false},
    {"twice", {{"If-Range", "\"abc\""}, {"If-Range", "\"abc\""}}, false},
};

BOOST_AUTO_TEST_CASE(if_range) {
    for (const IfRangeRow& row : kIfRanges) {
        BOOST_TEST_CONTEXT(row.name) {
            const Request request = request_with("GET", row.fields);
            BOOST_TEST(if_range_holds(request.fields, {kEtag, kModified}, kNow) == row.holds);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_date_of_this_second_is_not_strong) {
    const Request request = request_with("GET", {{"If-Range", kThen}});
    for (const std::time_t age : {0, 1})
        BOOST_TEST(!if_range_holds(request.fields, {kEtag, kModified}, kModified + age));
    BOOST_TEST(if_range_holds(request.fields, {kEtag, kModified}, kModified + 2));
}

}  // namespace
}  // namespace basehttp
