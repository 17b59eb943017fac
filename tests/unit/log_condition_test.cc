#include "daemon/logger/log_condition.h"

#include <limits>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using basehttp::AccessRecord;
using std::chrono::milliseconds;

struct Row {
    std::string name;
    LogCondition condition;
    AccessRecord record;
    bool matches;
};

AccessRecord answered(std::uint16_t status, std::string_view request_line = "GET / HTTP/1.1") {
    AccessRecord record;
    record.status = status;
    record.request_line = request_line;
    return record;
}

AccessRecord asked(std::string_view request_line) {
    return answered(200, request_line);
}

AccessRecord taken(std::int64_t duration_ns) {
    AccessRecord record = answered(200);
    record.duration_ns = duration_ns;
    return record;
}

const LogCondition kErrors{.statuses = {{500, 599}, {404, 404}}, .paths = {}};
const LogCondition kNoResponse{.statuses = {{0, 0}}, .paths = {}};
const LogCondition kApi{.statuses = {}, .paths = {{"/api/*", false}, {"/v?", false}, {"/api/health", true}}};
const LogCondition kNotHealth{.statuses = {}, .paths = {{"/health", true}}};
const LogCondition kSlow{.statuses = {}, .paths = {}, .slower = milliseconds(500)};
const LogCondition kSlowErrors{.statuses = {{500, 599}}, .paths = {{"/api/*", false}}, .slower = milliseconds(1)};

const std::vector<Row> kRows{
    {"nothing is asked for", {}, answered(200), true},
    {"a class's first", kErrors, answered(500), true},
    {"a class's last", kErrors, answered(599), true},
    {"one status", kErrors, answered(404), true},
    {"another", kErrors, answered(403), false},
    {"no response is of no class", kErrors, answered(0), false},
    {"no response", kNoResponse, answered(0), true},
    {"a response", kNoResponse, answered(200), false},
    {"below", kApi, asked("GET /api/x HTTP/1.1"), true},
    {"further below", kApi, asked("GET /api/x/y HTTP/1.1"), true},
    {"elsewhere", kApi, asked("GET /apis HTTP/1.1"), false},
    {"one byte", kApi, asked("GET /v1 HTTP/1.1"), true},
    {"excluded", kApi, asked("GET /api/health HTTP/1.1"), false},
    {"the query does not count", kApi, asked("GET /api/health?x=/api/y HTTP/1.1"), false},
    {"decoded", kApi, asked("GET /a%70i/x HTTP/1.1"), true},
    {"excluded, decoded", kApi, asked("GET /api/%68ealth HTTP/1.1"), false},
    {"excluded, with dot segments", kApi, asked("GET /api/x/../health HTTP/1.1"), false},
    {"absolute form", kApi, asked("GET http://a.example/api/x HTTP/1.1"), true},
    {"what cannot be decoded counts as received", kApi, asked("GET /api/%zz HTTP/1.1"), true},
    {"no request", kApi, answered(400, "\x16\x03\x01"), false},
    {"nothing was received", kApi, answered(408, ""), false},
    {"exclusions alone leave the others", kNotHealth, asked("GET / HTTP/1.1"), true},
    {"exclusions alone", kNotHealth, asked("GET /health HTTP/1.1"), false},
    {"exclusions leave what is no request", kNotHealth, answered(400, "\x16\x03\x01"), true},
    {"quick", kSlow, taken(499'999'999), false},
    {"just as long", kSlow, taken(500'000'000), false},
    {"slower", kSlow, taken(500'000'001), true},
    {"a time that cannot be", kSlow, taken(std::numeric_limits<std::int64_t>::min()), false},
    {"one of three holds", kSlowErrors, answered(500), false},
};

BOOST_AUTO_TEST_CASE(conditions) {
    for (const Row& row : kRows) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST(matches(row.condition, row.record) == row.matches);
        }
    }
}

BOOST_AUTO_TEST_CASE(all_have_to_hold) {
    AccessRecord record = answered(503, "GET /api/x HTTP/1.1");
    record.duration_ns = 2'000'000;
    BOOST_TEST(matches(kSlowErrors, record));
    record.status = 200;
    BOOST_TEST(!matches(kSlowErrors, record));
}

}  // namespace
}  // namespace basehttpd
