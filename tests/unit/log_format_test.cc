#include "basehttp/log/log_format.h"

#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/unit/time_zone.h"

namespace {

using basehttp::AccessRecord;
using basehttp::ClientAddress;
using basehttp::Ending;
using basehttp::LogFormat;

using basehttpd_test::Utc;
BOOST_TEST_GLOBAL_FIXTURE(Utc);

AccessRecord full() {
    AccessRecord record;
    record.arrival_ns = 784'111'777'000'000'000;
    record.duration_ns = 2'345'678'901;
    record.client = {ClientAddress::Family::ipv4, 4711, {192, 0, 2, 1}};
    record.status = 200;
    record.body_bytes = 1024;
    record.id.request = 3;
    record.request_line = "GET /\"x\" HTTP/1.1";
    record.host = "example.org:80";
    record.referer = "http://a/\n";
    record.user_agent = "spam\x1b";
    record.user = "eric";
    record.persists = true;
    record.peer = {ClientAddress::Family::ipv4, 4712, {192, 0, 2, 2}};
    record.local = {ClientAddress::Family::ipv4, 8080, {198, 51, 100, 7}};
    record.bytes_in = 300;
    record.bytes_out = 1200;
    record.first_byte_ns = 1'234'567;
    record.pid = 4660;
    record.site = "example.net";
    return record;
}

AccessRecord bare() {
    AccessRecord record;
    record.ending = Ending::client_left;
    return record;
}

std::string line(std::string_view format, const AccessRecord& record) {
    const auto compiled = LogFormat::compile(format);
    BOOST_REQUIRE(compiled.has_value());
    std::string out;
    compiled->append_line(out, record);
    return out;
}

struct Row {
    const char* format;
    const char* full;
    const char* bare;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.format; }
};

const Row kRows[]{
    {"%h", "192.0.2.1", "unix:"},
    {"%a", "192.0.2.1", "unix:"},
    {"%l", "-", "-"},
    {"%u", "eric", "-"},
    {"%t", "[06/Nov/1994:08:49:37 +0000]", "[01/Jan/1970:00:00:00 +0000]"},
    {"%r", "GET /\\\"x\\\" HTTP/1.1", "-"},
    {"%s", "200", "-"},
    {"%>s", "200", "-"},
    {"%b", "1024", "-"},
    {"%B", "1024", "0"},
    {"%D", "2345678", "0"},
    {"%T", "2", "0"},
    {"%a", "192.0.2.1", "unix:"},
    {"%{c}a", "192.0.2.2", "unix:"},
    {"%A", "198.51.100.7", "unix:"},
    {"%I", "300", "0"},
    {"%O", "1200", "0"},
    {"%S", "1500", "0"},
    {"%<s", "200", "-"},
    {"%{s}T", "2", "0"},
    {"%{ms}T", "2345", "0"},
    {"%{us}T", "2345678", "0"},
    {"%^FB", "1234", "-"},
    {"%m", "GET", "-"},
    {"%U", "/\\\"x\\\"", "-"},
    {"%q", "", ""},
    {"%H", "HTTP/1.1", "-"},
    {"%p", "8080", "-"},
    {"%{canonical}p", "8080", "-"},
    {"%{local}p", "8080", "-"},
    {"%{remote}p", "4711", "-"},
    {"%P", "4660", "0"},
    {"%{pid}P", "4660", "0"},
    {"%{tid}P", "4660", "0"},
    {"%{hextid}P", "1234", "0"},
    {"%v", "example.net", "-"},
    {"%V", "example.org", "-"},
    {"%k", "2", "0"},
    {"%X", "+", "X"},
    {"%f", "-", "-"},
    {"%R", "-", "-"},
    {"%{no such variable}e", "-", "-"},
    {"%{X-Spam}i", "-", "-"},
    {"%{X-Spam}o", "-", "-"},
    {"%{spam}C", "-", "-"},
    {"%{spam}n", "-", "-"},
    {"%{X-Spam}^ti", "-", "-"},
    {"%{X-Spam}^to", "-", "-"},
    {"%{sec}t", "784111777", "0"},
    {"%{begin:msec}t", "784111777000", "0"},
    {"%{end:usec}t", "784111779345678", "0"},
    {"%{end:msec_frac}t", "345", "000"},
    {"%{end:usec_frac}t", "345678", "000000"},
    {"%{%Y-%m-%d}t", "1994-11-06", "1970-01-01"},
    {"%{end:%H:%M:%S}t", "08:49:39", "00:00:00"},
    {"%200{User-agent}i", "spam\\x1b", "-"},
    {"%400,501{User-agent}i", "-", "-"},
    {"%!200,304{Referer}i", "-", "-"},
    {"%!404>s", "200", "-"},
    {"\\\"%s\\\"", "\"200\"", "\"-\""},
    {"%s\\t%l", "200\t-", "-\t-"},
    {"%s\\n", "200", "-"},
    {"C:\\%s", "C:\\200", "C:\\-"},
    {"%{Referer}i", "http://a/\\n", "-"},
    {"%{user-agent}i", "spam\\x1b", "-"},
    {"%s\t%l", "200\t-", "-\t-"},
    {"%%", "%", "%"},
    {"a%%b%s%%", "a%b200%", "a%b-%"},
    {"literal \xc3\xa9", "literal \xc3\xa9", "literal \xc3\xa9"},
    {"common", "192.0.2.1 - eric [06/Nov/1994:08:49:37 +0000] \"GET /\\\"x\\\" HTTP/1.1\" 200 1024",
     "unix: - - [01/Jan/1970:00:00:00 +0000] \"-\" - -"},
    {"combinedio",
     "192.0.2.1 - eric [06/Nov/1994:08:49:37 +0000] \"GET /\\\"x\\\" HTTP/1.1\" 200 1024 \"http://a/\\n\" "
     "\"spam\\x1b\" 300 1200",
     "unix: - - [01/Jan/1970:00:00:00 +0000] \"-\" - - \"-\" \"-\" 0 0"},
    {"vhost_combined",
     "example.net:8080 192.0.2.1 - eric [06/Nov/1994:08:49:37 +0000] \"GET /\\\"x\\\" HTTP/1.1\" 200 1200 "
     "\"http://a/\\n\" \"spam\\x1b\"",
     "-:- unix: - - [01/Jan/1970:00:00:00 +0000] \"-\" - 0 \"-\" \"-\""},
    {"combined",
     "192.0.2.1 - eric [06/Nov/1994:08:49:37 +0000] \"GET /\\\"x\\\" HTTP/1.1\" 200 1024 \"http://a/\\n\" "
     "\"spam\\x1b\"",
     "unix: - - [01/Jan/1970:00:00:00 +0000] \"-\" - - \"-\" \"-\""},
};

BOOST_DATA_TEST_CASE(lines, boost::unit_test::data::make(kRows)) {
    BOOST_TEST(line(sample.format, full()) == std::string(sample.full) + "\n");
    BOOST_TEST(line(sample.format, bare()) == std::string(sample.bare) + "\n");
}

BOOST_AUTO_TEST_CASE(the_time_is_that_of_each_record) {
    AccessRecord record = full();
    BOOST_TEST(line("%t", record) == "[06/Nov/1994:08:49:37 +0000]\n");
    record.arrival_ns += 1'000'000'000;
    BOOST_TEST(line("%t", record) == "[06/Nov/1994:08:49:38 +0000]\n");
}

struct Bad {
    const char* format;
    std::size_t offset;
    const char* message;
    friend std::ostream& operator<<(std::ostream& out, const Bad& row) { return out << row.message; }
};

const Bad kBad[]{
    {"", 0, "the format is empty"},
    {"%", 0, "unknown directive '%'"},
    {"%h %", 3, "unknown directive '%'"},
    {"ab%z", 2, "unknown directive '%z'"},
    {"%^xy", 0, "unknown directive '%^xy'"},
    {"%{Referer}", 0, "unknown directive '%{Referer}'"},
    {"%{spam}h", 0, "'%h' takes nothing in braces but {c}"},
    {"%{spam}u", 0, "'%u' takes nothing in braces"},
    {"%{x}T", 0, "'%T' takes nothing in braces but {s}, {ms}, {us}"},
    {"%i", 0, "'%i' needs a name: %{NAME}i"},
    {"%{}C", 0, "'%C' needs a name: %{NAME}C"},
    {"%{X Spam}o", 0, "'X Spam' is not the name of a field"},
    {"%h %{Referer", 4, "'{' without '}'"},
    {"%{a}{b}i", 4, "a second '{' in one directive"},
    {"%20s", 1, "a status of three digits belongs here"},
    {"%200,s", 5, "a status of three digits belongs here"},
    {"%!s", 2, "a status of three digits belongs here"},
    {"%h\n%s", 2, "a format holds no control byte but tab: each record is one line"},
    {"x\x1by", 1, "a format holds no control byte but tab: each record is one line"},
    {"%h\\n%s", 2, "'\\n' within a format: each record is one line"},
    {"%h\\r", 2, "'\\r' in a format: a line holds no control byte but tab"},
    {"json %s", 5, "after 'json' stand only names to capture, like %{X-Forwarded-For}i"},
    {"json spam", 5, "after 'json' stand only names to capture, like %{X-Forwarded-For}i"},
};

BOOST_DATA_TEST_CASE(problems, boost::unit_test::data::make(kBad)) {
    const auto compiled = LogFormat::compile(sample.format);
    BOOST_REQUIRE(!compiled);
    BOOST_TEST(compiled.error().offset == sample.offset);
    BOOST_TEST(compiled.error().message == sample.message);
}

BOOST_AUTO_TEST_CASE(what_a_format_asks_for_by_name_is_captured) {
    const auto format = LogFormat::compile("%{X-Spam}i %{x-spam}i %{Egg}o %{id}C %{why}n %{Referer}i %f");
    BOOST_REQUIRE(format.has_value());
    BOOST_TEST(format->captures().size() == 5U);
    std::string packed;
    basehttp::Captured::append(packed, basehttp::CaptureKind::request_field, "x-spam", "ham\n");
    basehttp::Captured::append(packed, basehttp::CaptureKind::cookie, "id", "7");
    AccessRecord record = full();
    record.captured = basehttp::Captured::of(packed);
    std::string out;
    format->append_line(out, record);
    BOOST_TEST(out == "ham\\n ham\\n - 7 - http://a/\\n -\n");
}

BOOST_AUTO_TEST_CASE(a_name_of_the_client_wins_over_its_address) {
    AccessRecord record = full();
    record.client_name = "spam.example";
    BOOST_TEST(line("%h %a", record) == "spam.example 192.0.2.1\n");
}

BOOST_AUTO_TEST_CASE(no_byte_of_a_record_adds_a_line) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte)
        every += static_cast<char>(byte);
    AccessRecord record = full();
    record.request_line = record.host = record.referer = record.user_agent = record.user = every;
    const std::string out = line("%r %v %u %{Referer}i %{User-Agent}i", record);
    BOOST_TEST(out.find('\n') == out.size() - 1);
    for (const char c : out.substr(0, out.size() - 1))
        BOOST_TEST((c >= ' ' && c <= '~'));
}

}  // namespace
