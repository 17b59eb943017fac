// Explanation and RequestClues; and the other ways in which a record is shown.
#include <boost/test/unit_test.hpp>
#include <stdlib.h>
#include <time.h>

#include "daemon/ctl/logs/lines/line_reader.h"
#include "daemon/ctl/logs/report.h"
#include "daemon/ctl/logs/shows/columns.h"
#include "daemon/ctl/logs/shows/explanation.h"
#include "daemon/ctl/logs/shows/record_json.h"
#include "tests/unit/time_zone.h"

using namespace basehttpd;

namespace {

std::string explain(const std::string& json) {
    LineReader reader;
    const PaddedLine line(json);
    const LogRecord* const record = reader.read(line.view());
    BOOST_TEST_REQUIRE(record != nullptr, json);
    return Explanation().explain(*record);
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_happened) {
    struct Row {
        const char* name;
        std::string json;
        std::string_view sentence;
    };
    for (const auto& [name, json, sentence] : {
             Row{"good", R"({"request":"GET / HTTP/1.1","status":200,"ended":"complete"})",
                 "the whole response was sent"},
             Row{"TLS", R"({"request":"\u0016\u0003\u0001\u0002","status":400})", "TLS handshake"},
             Row{"SSH", R"({"request":"SSH-2.0-Go","status":400})", "SSH client"},
             Row{"HTTP/2", R"({"request":"PRI * HTTP/2.0","status":505})", "preface of HTTP/2"},
             Row{"client left", R"({"request":"GET / HTTP/1.1","status":200,"ended":"client_left"})",
                 "before it had the whole response"},
             Row{"client left early", R"({"request":"GET / HTTP/1.1","status":null,"ended":"client_left"})",
                 "before any response"},
             Row{"head timeout", R"({"request":"","client":"x","status":408,"ended":"timed_out"})", "header_timeout"},
             Row{"slow reader", R"({"request":"GET / HTTP/1.1","status":200,"ended":"timed_out"})", "send_timeout"},
             Row{"aborted", R"({"request":"GET / HTTP/1.1","status":200,"ended":"aborted"})", "gave up"},
             Row{"died", R"({"request":"GET / HTTP/1.1","status":null,"ended":"worker_died","signal":"SIGSEGV"})",
                 "by SIGSEGV"},
             Row{"probe", R"({"request":"GET /wp-login.php HTTP/1.1","status":404})", "looks for WordPress"},
             Row{"secrets", R"({"request":"GET /.env HTTP/1.1","status":404})", "file of secrets"},
             Row{"some script", R"({"request":"GET /shell.php HTTP/1.1","status":404})", "most likely a scanner"},
             Row{"climbing", R"({"request":"GET /..%2f..%2fetc HTTP/1.1","status":400})", "climbs"},
             Row{"Log4Shell", R"({"request":"GET / HTTP/1.1","status":200,"user_agent":"${jndi:ldap://x}"})",
                 "Log4Shell"},
             Row{"proxy", R"({"request":"CONNECT mail.example:25 HTTP/1.1","status":501})", "for a proxy"},
             Row{"HTTP/0.9", R"({"request":"GET /old","status":200})", "HTTP/0.9"},
             Row{"too long", R"({"request":"GET /aaaa","status":414})", "limits: request_line"},
             Row{"cookies", R"({"request":"GET / HTTP/1.1","status":431})", "header_bytes"},
             Row{"redirect", R"({"request":"GET /a HTTP/1.1","status":301})", "redirected to another target"},
             Row{"redirect to itself", R"({"request":"GET /a HTTP/1.1","status":302,"referer":"http://x/a"})",
                 "a loop of redirects"},
             Row{"garbage", R"({"request":"hello","status":400})", "no request of HTTP"},
             Row{"a field was wrong", R"({"request":"GET / HTTP/1.1","status":400})", "missing or doubled Host"},
             Row{"a space in the target", R"({"request":"GET /a b HTTP/1.1","status":400})",
                 "refused: Bad request line: it takes"},
             Row{"a NUL in the target", R"({"request":"GET /a%00b HTTP/1.1","status":400})", "not %00."},
             Row{"a control byte", R"({"request":"GET /\u0001 HTTP/1.1","status":400})", "refused: Bad request"},
             Row{"nothing came", R"({"request":"","client":"x","status":400})", "before a request had come"},
         }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(explain(json).contains(sentence), explain(json));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_known_of_a_request_whose_worker_died) {
    const std::string text = explain(
        R"({"request":"GET / HTTP/1.1","status":null,"ended":"worker_died","bytes":0,"head_us":0,"duration_us":5000000})");
    BOOST_TEST(text.contains("is not known"));
    BOOST_TEST(!text.contains("no response was begun"));
    BOOST_TEST(!text.contains("bytes of content"));
    BOOST_TEST(text.contains("5.0s in all\n"));
}

BOOST_AUTO_TEST_CASE(the_name_of_a_client) {
    const std::string text = explain(R"({"client":"192.0.2.7","status":200,"client_name":"host.example"})");
    BOOST_TEST(text.contains("192.0.2.7\n  name         host.example\n"), text);
    BOOST_TEST(!text.contains("asked"));
}

BOOST_AUTO_TEST_CASE(a_loop_shows_over_several_lines) {
    Explanation explanation;
    LogRecord record;
    record.client = "1.2.3.4";
    record.target = "/a";
    record.status = 302;
    BOOST_TEST(!explanation.explain(record).contains("loop"));
    BOOST_TEST(!explanation.explain(record).contains("loop"));
    BOOST_TEST(explanation.explain(record).contains("loop"));
}

BOOST_AUTO_TEST_CASE(nothing_disturbs_a_terminal) {
    LogRecord record;
    record.time_us = 0;
    record.client = "\x1b]0;x\a";
    record.request = record.target = record.method = record.host = record.user_agent = record.referer = record.user =
        record.request_id = record.signal = record.site = "\x1b[2J\n\r\x9b\xc2\x9b\xe2\x80\xae";
    record.ended = "worker_died";
    record.status = 200;
    const auto disturbs = [](char c) {
        return (c < ' ' && c != '\n') || c == 0x7f;
    };  // bytes from 0x80 on are negative
    std::string columns;
    append_columns(columns, record, Terminal{});
    std::string report;
    record.request = record.referer;
    append_report_line(report, record);
    std::string object;
    std::string json;
    append_record_json(object, record);
    append_printable_json(json, object);
    for (const std::string& text : {Explanation().explain(record), columns, report}) {
        BOOST_TEST((std::find_if(text.begin(), text.end(), disturbs) == text.end()), text);
    }
    BOOST_TEST(json.contains(R"(\u001b[2J\u000a\u000d)"));
    BOOST_TEST(json.contains(R"(\u009b\u202e)"));
    BOOST_TEST(std::count(columns.begin(), columns.end(), '\n') == 1);
    BOOST_TEST(std::count(report.begin(), report.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(columns_fit_the_width) {
    LogRecord record;
    record.time_us = 1'795'600'800'000'000;
    record.client = "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff";
    record.method = "GET";
    const std::string target = '/' + std::string(3000, 'a');
    record.target = target;
    record.status = 200;
    record.bytes = 123'456'789;
    record.duration_us = 83;
    record.ended = "client_left";
    for (const std::size_t width : {20U, 39U, 40U, 71U, 72U, 80U, 99U, 100U, 200U, 1000U}) {
        std::string line;
        append_columns(line, record, Terminal{.width = width});
        BOOST_TEST_CONTEXT(width << ": " << line) {
            BOOST_TEST(line.size() == width + 1);
            BOOST_TEST(line.contains(width < 72 ? " !\n" : "~ (client left)\n"));
            BOOST_TEST(line.contains(width < 40 ? " 200 GET" : " GET /aaa"));
        }
    }
    std::string coloured;
    append_columns(coloured, record, Terminal{.is_terminal = true, .coloured = true});
    BOOST_TEST(coloured.contains("\x1b[32m200\x1b[0m"));
}

BOOST_AUTO_TEST_CASE(short_numbers) {
    for (const auto& [number, text] :
         std::initializer_list<std::pair<std::int64_t, std::string>>{{0, "0"},
                                                                     {999, "999"},
                                                                     {1000, "1.0k"},
                                                                     {9949, "9.9k"},
                                                                     {9951, "10k"},
                                                                     {999'499, "999k"},
                                                                     {999'600, "1.0M"},
                                                                     {INT64_MAX, "9.2E"}}) {
        BOOST_TEST(short_count(number) == text);
    }
    for (const auto& [us, text] :
         std::initializer_list<std::pair<std::int64_t, std::string>>{{0, "0us"},
                                                                     {999, "999us"},
                                                                     {1200, "1.2ms"},
                                                                     {950'000, "950ms"},
                                                                     {1'500'000, "1.5s"},
                                                                     {200'000'000, "3m20s"},
                                                                     {7'200'000'000, "2h00m"}}) {
        BOOST_TEST(short_duration(us) == text);
    }
}

BOOST_AUTO_TEST_CASE(a_line_for_goaccess) {
    const basehttpd_test::Utc zone;
    LogRecord record;
    record.time_us = 1'795'600'800'000'000;
    record.client = "1.2.3.4";
    record.request = "GET /a\"b HTTP/1.1";
    record.status = 200;
    record.bytes = 5;
    record.user = "a b";
    record.user_agent = "c \"d\"";
    record.duration_us = 83;
    std::string line;
    BOOST_TEST(append_report_line(line, record));
    BOOST_TEST(line ==
               "- 1.2.3.4 - a_b [25/Nov/2026:10:00:00 +0000] \"GET /a%22b HTTP/1.1\" 200 5 \"-\" \"c %22d%22\" 83\n");
    record.time_us.reset();
    BOOST_TEST(!append_report_line(line, record));
}
