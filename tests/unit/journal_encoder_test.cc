#include "daemon/logger/sinks/journal_encoder.h"

#include <csignal>
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/logged_request.h"
#include "tests/unit/time_zone.h"

namespace basehttpd {
namespace {

using basehttp::AccessRecord;
using basehttp::Ending;
using basehttp::Severity;

using basehttpd_test::logged_request;
using basehttpd_test::Utc;
BOOST_TEST_GLOBAL_FIXTURE(Utc);

template <typename Record>
std::string entry(const Record& record) {
    std::string out;
    JournalEncoder(basehttp::LogFormat::compile("%h \"%r\" %>s").value()).append(out, record);
    return out;
}

// As journald reads it; a field that does not end where it should is a failure.
std::map<std::string, std::string> fields_of(std::string_view entry) {
    constexpr std::size_t kSizeBytes = 8;
    std::map<std::string, std::string> fields;
    while (!entry.empty()) {
        const std::size_t end = entry.find('\n');
        BOOST_TEST_REQUIRE(end != std::string_view::npos);
        const std::string_view line = entry.substr(0, end);
        entry.remove_prefix(end + 1);
        const std::size_t equals = line.find('=');
        const std::string name(line.substr(0, equals));
        BOOST_TEST(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos, name);
        BOOST_TEST(!fields.contains(name), name);
        if (equals != std::string_view::npos) {
            fields[name] = line.substr(equals + 1);
            continue;
        }
        std::size_t size = 0;
        for (std::size_t i = 0; i < kSizeBytes; ++i)
            size |= std::size_t{static_cast<unsigned char>(entry[i])} << 8 * i;
        BOOST_TEST_REQUIRE(size + kSizeBytes < entry.size());
        fields[name] = entry.substr(kSizeBytes, size);
        BOOST_TEST(entry[kSizeBytes + size] == '\n');
        entry.remove_prefix(kSizeBytes + size + 1);
    }
    return fields;
}

BOOST_AUTO_TEST_CASE(an_access_record) {
    BOOST_TEST(entry(logged_request()) ==
               "MESSAGE=192.0.2.1 \"GET /a?b HTTP/1.1\" 200\n"
               "PRIORITY=6\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=basehttpd\nBASEHTTPD_LOG=access\n"
               "BASEHTTPD_TIME=1994-11-06T08:49:37.000042+00:00\n"
               "BASEHTTPD_CLIENT=192.0.2.1\nBASEHTTPD_CLIENT_PORT=4711\nBASEHTTPD_HOST=example.org\n"
               "BASEHTTPD_METHOD=GET\nBASEHTTPD_TARGET=/a?b\nBASEHTTPD_PATH=/a\nBASEHTTPD_PROTOCOL=HTTP/1.1\n"
               "BASEHTTPD_REQUEST_ID=5e8a01c7-1f-2\nBASEHTTPD_USER_AGENT=spam\nBASEHTTPD_SITE=*\nBASEHTTPD_ROUTE=/a\n"
               "BASEHTTPD_RUN=abc\nBASEHTTPD_STATUS=200\nBASEHTTPD_BYTES=5\nBASEHTTPD_BYTES_IN=6\n"
               "BASEHTTPD_BYTES_OUT=7\nBASEHTTPD_CONNECTION=31\nBASEHTTPD_REQUEST_NUMBER=2\nBASEHTTPD_WORKER=3\n"
               "BASEHTTPD_PID=99\nBASEHTTPD_SERIAL=12\nBASEHTTPD_HEAD_US=1\nBASEHTTPD_HANDLER_US=0\n"
               "BASEHTTPD_FIRST_BYTE_US=0\nBASEHTTPD_DURATION_US=4\nBASEHTTPD_ENDED=complete\n");
}

BOOST_AUTO_TEST_CASE(what_a_client_sends_forges_no_field) {
    AccessRecord record = logged_request();
    record.user_agent = "a\nPRIORITY=0\nBASEHTTPD_STATUS=500";
    record.referer = std::string_view("\0\x7F\n\xFF", 4);
    record.request_line = "GET \n/\nMESSAGE=forged";
    const auto fields = fields_of(entry(record));
    BOOST_TEST(fields.at("BASEHTTPD_USER_AGENT") == record.user_agent);
    BOOST_TEST(fields.at("BASEHTTPD_REFERER") == record.referer);
    BOOST_TEST(fields.at("PRIORITY") == "6");
    BOOST_TEST(fields.at("BASEHTTPD_STATUS") == "200");
    BOOST_TEST(fields.at("MESSAGE") == R"(192.0.2.1 "GET \n/\nMESSAGE=forged" 200)");
}

BOOST_AUTO_TEST_CASE(what_never_was_a_request_is_there_as_it_came) {
    AccessRecord record = logged_request();
    record.request_line = "\x16\x03\x01";
    const auto fields = fields_of(entry(record));
    BOOST_TEST(fields.at("BASEHTTPD_REQUEST") == record.request_line);
    BOOST_TEST(!fields.contains("BASEHTTPD_METHOD"));
    BOOST_TEST(!fields.contains("BASEHTTPD_PATH"));
}

struct PriorityRow {
    unsigned status;
    Ending ending;
    std::string priority;
};

BOOST_AUTO_TEST_CASE(priority_by_status) {
    for (const PriorityRow& row : std::initializer_list<PriorityRow>{{200, Ending::complete, "6"},
                                                                     {304, Ending::complete, "6"},
                                                                     {206, Ending::client_left, "6"},
                                                                     {400, Ending::complete, "5"},
                                                                     {499, Ending::aborted, "5"},
                                                                     {500, Ending::complete, "3"},
                                                                     {503, Ending::complete, "3"},
                                                                     {0, Ending::client_left, "5"},
                                                                     {0, Ending::worker_died, "3"},
                                                                     {200, Ending::worker_died, "3"}}) {
        AccessRecord record = logged_request();
        record.status = static_cast<std::uint16_t>(row.status);
        record.ending = row.ending;
        BOOST_TEST(fields_of(entry(record)).at("PRIORITY") == row.priority, row.status);
    }
}

BOOST_AUTO_TEST_CASE(a_worker_that_died) {
    AccessRecord record = logged_request();
    record.status = 0;
    record.ending = Ending::worker_died;
    record.signal = SIGSEGV;
    const auto fields = fields_of(entry(record));
    BOOST_TEST(fields.at("BASEHTTPD_ENDED") == "worker_died");
    BOOST_TEST(fields.at("BASEHTTPD_SIGNAL") == "SIGSEGV");
    BOOST_TEST(!fields.contains("BASEHTTPD_STATUS"));
}

BOOST_AUTO_TEST_CASE(a_line_of_the_error_log) {
    BOOST_TEST(entry(ErrorLine{{0, Severity::warning, "spam\nPRIORITY=0"}, "worker 3"}) ==
               "MESSAGE=worker 3: spam\\nPRIORITY=0\nPRIORITY=4\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=basehttpd\n"
               "BASEHTTPD_LOG=error\nBASEHTTPD_PROCESS=worker 3\n");
    BOOST_TEST(entry(ErrorLine{{0, Severity::error, "spam", {0x5e8a01c7, 31, 2}, "a.example"}, "worker 1"}) ==
               "MESSAGE=worker 1: spam, id 5e8a01c7-1f-2\nPRIORITY=3\nSYSLOG_FACILITY=3\n"
               "SYSLOG_IDENTIFIER=basehttpd\nBASEHTTPD_LOG=error\nBASEHTTPD_PROCESS=worker 1\n"
               "BASEHTTPD_REQUEST_ID=5e8a01c7-1f-2\nBASEHTTPD_SITE=a.example\n");
}

}  // namespace
}  // namespace basehttpd
