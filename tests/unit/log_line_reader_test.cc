#include <boost/test/unit_test.hpp>

#include "basehttp/log/log_format.h"
#include "daemon/ctl/logs/lines/line_reader.h"
#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/ctl/logs/shows/record_json.h"
#include "tests/unit/time_zone.h"

using namespace basehttpd;
using basehttpd_test::TimeZone;
using namespace std::literals;

namespace {

// What was read, as the JSON of it without what is null.
std::string read(std::string_view line, std::vector<std::string> formats = {}) {
    LineReader reader(formats);
    const PaddedLine padded(line);
    const LogRecord* const record = reader.read(padded.view());
    if (record == nullptr) return "unread";
    std::string json;
    append_record_json(json, *record);
    std::string kept;
    for (std::size_t at = 1; at < json.size();) {  // no text of these rows holds `,"`
        const std::size_t end = std::min(json.find(",\"", at), json.size() - 1);
        const std::string_view field = std::string_view(json).substr(at, end - at);
        if (!field.ends_with(":null")) kept += (kept.empty() ? "" : " ") + std::string(field);
        at = end + 1;
    }
    return kept;
}

constexpr const char* kTime = "\"time\":\"2026-11-25T10:00:00.000000+00:00\"";

}  // namespace

BOOST_AUTO_TEST_CASE(usual_formats_are_found_out) {
    const TimeZone utc("UTC");
    struct Row {
        const char* name;
        std::string_view line;
        std::string read;
    };
    const std::string request =
        R"( "request":"GET /a?b HTTP/1.1" "method":"GET" "target":"/a?b" "protocol":"HTTP/1.1")";
    for (
        const auto& [name, line, expected] : {
            Row{"common", R"(192.0.2.7 - - [25/Nov/2026:11:00:00 +0100] "GET /a?b HTTP/1.1" 200 618)",
                kTime + R"( "client":"192.0.2.7")"s + request + R"( "status":200 "bytes":618)"},
            Row{"combined",
                R"(192.0.2.7 - joe [25/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 404 - "http://r/" "a \"b\" \x07")",
                kTime + R"( "client":"192.0.2.7" "user":"joe")"s + request +
                    R"( "status":404 "bytes":0 "referer":"http://r/" "user_agent":"a \"b\" \u0007")"},
            Row{"combinedio", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 1 "-" "b" 20 30)",
                kTime + R"( "client":"1.2.3.4")"s + request +
                    R"( "status":200 "bytes":1 "bytes_in":20 "bytes_out":30 "user_agent":"b")"},
            Row{"vhost_combined",
                R"([::1]:80 2001:db8::1 - - [25/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 1 "-" "-")",
                kTime + R"( "client":"2001:db8::1" "server_port":80 "host":"[::1]")"s + request +
                    R"( "status":200 "bytes_out":1)"},
            Row{"IPv6 is no virtual host",
                R"(2001:db8::1 - - [25/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 1 "-" "-")",
                kTime + R"( "client":"2001:db8::1")"s + request + R"( "status":200 "bytes":1)"},
            Row{"user with spaces",
                R"(1.2.3.4 - a b [c] [25/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 1 "-" "-")",
                kTime + R"( "client":"1.2.3.4" "user":"a b [c]")"s + request + R"( "status":200 "bytes":1)"},
            Row{"HTTP/0.9", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET /old" 200 1 "-" "-")",
                kTime +
                    R"( "client":"1.2.3.4" "request":"GET /old" "method":"GET" "target":"/old" "status":200 "bytes":1)"s},
            Row{"no request", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "\x16\x03\x01" 400 0 "-" "-")",
                kTime + R"( "client":"1.2.3.4" "request":"\u0016\u0003\u0001" "status":400 "bytes":0)"s},
            Row{"nothing received", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "-" 408 0 "-" "-")",
                kTime + R"( "client":"1.2.3.4" "status":408 "bytes":0)"s},
            Row{"worker died", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" - - "-" "-")",
                kTime + R"( "client":"1.2.3.4")"s + request + R"( "bytes":0)"},
            Row{"JSON",
                R"({"time":"2026-11-25T10:00:00.5Z","client":"1.2.3.4","status":200,"extra":{"a":[1]},"tls":null,"serial":7})",
                R"("time":"2026-11-25T10:00:00.500000+00:00" "client":"1.2.3.4" "status":200 "serial":7)"},
            Row{"JSON numbers of other kinds",
                R"({"client":"x","status":200,"bytes":1.5,"duration_us":1e3,"serial":99999999999999999999,"pid":-7})",
                R"("client":"x" "status":200 "pid":-7)"},
            Row{"JSON escapes", R"({"client":"x","user_agent":"\"\\\u0000\ud83d\ude00\n"})",
                "\"client\":\"x\" \"user_agent\":\"\\\"\\\\\\u0000\xf0\x9f\x98\x80\\u000a\""},
            Row{"JSON with its request alone", R"({"client":"x","request":"GET /\u00e9 HTTP/1.1"})",
                R"("client":"x" "request":"GET /é HTTP/1.1" "method":"GET" "target":"/é" "protocol":"HTTP/1.1")"},
        }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(read(line) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(lines_that_are_none) {
    struct Row {
        const char* name;
        std::string line;
    };
    for (
        const auto& [name, line] : {
            Row{"empty", ""},
            Row{"words", "hello world"},
            Row{"NUL bytes", std::string(200, '\0')},
            Row{"JSON, a null that is none", R"({"client":"x","tls":nxll})"},
            Row{"JSON, a status that is none", R"({"client":"x","status":nu})"},
            Row{"JSON, a number that is none", R"({"client":"x","bytes":12x})"},
            Row{"JSON, an unknown number that is none", R"({"client":"x","y":--1})"},
            Row{"JSON, a bad escape", R"({"client":"x","y":"\q"})"},
            Row{"JSON, a bad list", R"({"client":"x","y":[1,tru]})"},
            Row{"JSON, a bad object", R"({"client":"x","fields":{"request":{"a" "b"}}})"},
            Row{"JSON, half a surrogate", R"({"client":"x","y":"\ud83dx"})"},
            Row{"JSON, more behind it", R"({"client":"x"}})"},
            Row{"cut in the agent", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "Moz)"},
            Row{"cut before the time", "1.2.3.4 - - ["},
            Row{"cut after an escape", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "\)"},
            Row{"two lines in one",
                R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-")"},
            Row{"a day that is none", R"(1.2.3.4 - - [31/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-")"},
            Row{"a status that is none",
                R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 99999 1 "-" "-")"},
            Row{"a number without end",
                R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 99999999999999999999 "-" "-")"},
            Row{"JSON, cut", R"({"client":"1.2.3.4","status":20)"},
            Row{"JSON, twice", R"({"client":"1.2.3.4"}{"client":"1.2.3.4"})"},
            Row{"JSON, nothing in it", "{}"},
            Row{"JSON that tells nothing", R"({"level":"info","msg":"x"})"},
            Row{"JSON with a time that is none", R"({"client":"x","time":"yesterday"})"},
            Row{"JSON, not UTF-8", "{\"client\":\"\xff\"}"},
            Row{"JSON, deep", R"({"client":)" + std::string(100'000, '[')},
            Row{"many ends of a user", "1.2.3.4 - " + std::string(50'000, '[') + " [" + std::string(1000, ' ')},
        }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(read(line) == "unread");
        }
    }
}

// What editors, transfers, crashes and truncation do to lines.
BOOST_AUTO_TEST_CASE(lines_that_something_was_done_to) {
    const std::string text = R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "a")";
    const std::string json = R"({"client":"1.2.3.4","status":200})";
    const std::string nuls(300, '\0');
    for (const std::string& line : {text, json}) {
        const std::string expected = read(line);
        BOOST_TEST(expected != "unread");
        struct Row {
            const char* name;
            std::string line;
        };
        for (const auto& [name, changed] : {
                 Row{"CRLF", line + "\r"},
                 Row{"CRLF twice over", line + "\r\r"},
                 Row{"a byte order mark", "\xef\xbb\xbf" + line},
                 Row{"blanks behind it", line + " \t "},
                 Row{"blanks, then CRLF", line + "  \r"},
                 Row{"blanks before it", "  " + line},
                 Row{"a hole before it", nuls + line},
                 Row{"a hole behind it", line + nuls},
                 Row{"a torn line, and a hole", line.substr(0, 20) + nuls + line},
             }) {
            BOOST_TEST_CONTEXT(name) {
                BOOST_TEST(read(changed) == expected);
            }
        }
    }
    for (const std::string_view blank : {""sv, "\r"sv, " \t\r"sv, "\0\0"sv, "\xef\xbb\xbf\r"sv}) {
        BOOST_TEST(is_blank_line(blank));
        BOOST_TEST(read(blank) == "unread");
    }
    BOOST_TEST(!is_blank_line("x\r"));
}

// What the daemon itself has: a blank at the end that belongs to the format.
BOOST_AUTO_TEST_CASE(blanks_that_a_format_wants) {
    BOOST_TEST(read("1.2.3.4 ", {"%h %q"}) == R"("client":"1.2.3.4")");
}

BOOST_AUTO_TEST_CASE(usual_lines_with_more_columns) {
    const TimeZone utc("UTC");
    const std::string core = R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "-" 408 9 "http://r/" "a \"b")";
    const std::string known = kTime + R"( "client":"1.2.3.4")"s;
    const std::string rest = R"( "status":408 "bytes":9 "referer":"http://r/" "user_agent":"a \"b")";
    struct Row {
        const char* name;
        std::string line;
        std::string read;
        const char* advice;  // a part of it
    };
    for (const auto& [name, line, expected, advice] : {
             Row{"nginx's $request_time", core + " 0.123", known + rest + R"( "duration_us":123000)", ""},
             Row{"X-Forwarded-For", core + R"( "203.0.113.7, 10.0.0.1")",
                 known + rest + R"( "fields":{"note":{"column1":"203.0.113.7, 10.0.0.1"}})",
                 R"(--format '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i"')"},
             Row{"Apache's %D", core + " 1234", known + rest + R"( "fields":{"note":{"column1":"1234"}})",
                 R"("%{User-Agent}i" %D')"},
             Row{"the host first", "example.org " + core, known + R"( "host":"example.org")" + rest, ""},
             Row{"host and port first, and a duration", "example.org:80 " + core + " 1.5",
                 known + R"( "server_port":80 "host":"example.org")" + rest + R"( "duration_us":1500000)", ""},
             Row{"nginx, in front of another server", core + R"( "-" 0.020 0.010 . [x])",
                 known + rest +
                     R"( "duration_us":20000 "fields":{"note":{"column3":"0.010" "column4":"." "column5":"x"}})",
                 R"("%{X-Forwarded-For}i" %T %{column3}n %{column4}n [%{column5}n]')"},
             Row{"common and a number", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "-" 408 9 77)",
                 known + R"( "status":408 "bytes":9 "fields":{"note":{"column1":"77"}})", "%b %D'"},
         }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(read(line) == expected);
            LineReader reader;
            const PaddedLine padded(line);
            BOOST_TEST_REQUIRE(reader.read(padded.view()) != nullptr);
            BOOST_TEST(reader.advice().contains(advice));
            BOOST_TEST(reader.advice().empty() == std::string_view(advice).empty());
            BOOST_TEST(reader.read(padded.view()) != nullptr);
        }
    }
    // In a log whose format is known, a line of another shape is a torn one.
    LineReader reader;
    const PaddedLine usual(core);
    const PaddedLine other("1.2. " + core);
    BOOST_TEST_REQUIRE(reader.read(usual.view()) != nullptr);
    BOOST_TEST(reader.read(other.view()) == nullptr);
}

BOOST_AUTO_TEST_CASE(formats_that_are_named) {
    const TimeZone utc("UTC");
    struct Row {
        const char* name;
        std::string format;
        std::string_view line;
        std::string read;
    };
    for (
        const auto& [name, format, line, expected] : {
            Row{"durations", "%h %D %T \"%r\"", R"(1.2.3.4 1500 0 "GET / HTTP/1.0")",
                R"("client":"1.2.3.4" "request":"GET / HTTP/1.0" "method":"GET" "target":"/" "protocol":"HTTP/1.0" "duration_us":1500)"},
            Row{"milliseconds", "%h %{ms}T", "1.2.3.4 12", R"("client":"1.2.3.4" "duration_us":12000)"},
            Row{"seconds", "%h %T", "1.2.3.4 2", R"("client":"1.2.3.4" "duration_us":2000000)"},
            Row{"bytes, connection, ending", "%h %I/%O %k %X %L", "1.2.3.4 10/20 3 X ab-12",
                R"("client":"1.2.3.4" "bytes_in":10 "bytes_out":20 "request_id":"ab-12" "request_number":4 "ended":"cut_short")"},
            Row{"tabs", "%h\t%u\t%s", "1.2.3.4\ta b\t200", R"("client":"1.2.3.4" "user":"a b" "status":200)"},
            Row{"escapes as in Apache's configuration", R"(%h\t%s \"%r\" \\ \a\n)", "1.2.3.4\t200 \"-\" \\ \\a",
                R"("client":"1.2.3.4" "status":200)"},
            Row{"path and query", "%U%q %>s %h", "/a?b=c 200 1.2.3.4",
                R"("client":"1.2.3.4" "target":"/a?b=c" "status":200)"},
            Row{"a count that has no successor", "%h %k", "1.2.3.4 9223372036854775807", "unread"},
            Row{"method and path", "%h %m %U %H", "1.2.3.4 GET /a b HTTP/1.1",
                R"("client":"1.2.3.4" "method":"GET" "target":"/a b" "protocol":"HTTP/1.1")"},
            Row{"a field that is not known", R"(%h "%{X-Any}i" %400,501{Referer}i %>s)",
                R"(1.2.3.4 "a \" b" http://r 200)",
                R"("client":"1.2.3.4" "status":200 "referer":"http://r" "fields":{"request":{"X-Any":"a \" b"}})"},
            Row{"a percent sign", "%%%h", "%1.2.3.4", R"("client":"1.2.3.4")"},
            Row{"time in parts", "%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t %h", "25/Nov/2026 11:00:00.250 +0100 1.2.3.4",
                R"("time":"2026-11-25T10:00:00.250000+00:00" "client":"1.2.3.4")"},
            Row{"time as a number", "%{msec}t %h", "1795600800250 1.2.3.4",
                R"("time":"2026-11-25T10:00:00.250000+00:00" "client":"1.2.3.4")"},
            Row{"seconds and their fraction", "%{sec}t.%{usec_frac}t %h", "1795600800.000007 1.2.3.4",
                R"("time":"2026-11-25T10:00:00.000007+00:00" "client":"1.2.3.4")"},
            Row{"local time", "%{%F %T}t %h", "2026-11-25 10:00:00 1.2.3.4", kTime + R"( "client":"1.2.3.4")"s},
            Row{"agent last and unquoted", "%h %{User-Agent}i", "1.2.3.4 a b c",
                R"("client":"1.2.3.4" "user_agent":"a b c")"},
            Row{"the usual ones are tried, too", "%h %D", R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "-" 408 0)",
                kTime + R"( "client":"1.2.3.4" "status":408 "bytes":0)"s},
        }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(read(line, {format}) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(formats_that_cannot_be_read_back) {
    for (const char* format : {"", "words", "%", "%{Referer", "%h%u", "%{x}"}) {
        BOOST_TEST_CONTEXT(format) {
            BOOST_TEST(!TextFormat::compile(format).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(every_format_with_a_name_can_be_read_back) {
    for (const std::string_view name : basehttp::LogFormat::kNames) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST((is_json_format(name) || TextFormat::compile(name).has_value()));
        }
    }
    BOOST_TEST(is_json_format("json %{X-Forwarded-For}i"));
    BOOST_TEST(!is_json_format("jsonp %h"));
}

BOOST_AUTO_TEST_CASE(a_reader_goes_on_after_a_line_of_another_format) {
    LineReader reader;
    const PaddedLine text(R"(1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1)");
    const PaddedLine json(R"({"client":"5.6.7.8"})");
    const PaddedLine torn(R"({"client":"5.6)");
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST_REQUIRE(reader.read(text.view()) != nullptr);
        BOOST_TEST(!reader.last_was_json());
        BOOST_TEST(reader.read(torn.view()) == nullptr);
        const LogRecord* const record = reader.read(json.view());
        BOOST_TEST_REQUIRE(record != nullptr);
        BOOST_TEST(record->client == "5.6.7.8");
        BOOST_TEST(reader.last_was_json());
    }
}

BOOST_AUTO_TEST_CASE(a_local_time_when_clocks_change) {
    const TimeZone berlin("Europe/Berlin");
    struct Row {
        const char* name;
        std::string_view text;
        std::int64_t seconds;
    };
    for (const auto& [name, text, seconds] : {
             Row{"winter", "2026-11-25 11:00:00", 1'795'600'800},
             Row{"summer", "2026-07-01 12:00:00", 1'782'900'000},
             Row{"shown twice: the first", "2026-10-25 02:30:00", 1'792'888'200},
             Row{"skipped: as if clocks were not set", "2026-03-29 02:30:00", 1'774'747'800},
             Row{"with its zone it is clear", "2026-10-25 02:30:00+01:00", 1'792'891'800},
         }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(read_iso_time(text).value_or(0) == seconds * kMicrosecondsPerSecond);
        }
    }
}
