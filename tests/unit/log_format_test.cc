#include "basehttp/log/log_format.h"

#include <cstdlib>
#include <ctime>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::AccessRecord;
using basehttp::ClientAddress;
using basehttp::Ending;
using basehttp::LogFormat;

struct Utc {
    Utc() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
};
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
    {"%v", "example.org:80", "-"},
    {"%k", "2", "0"},
    {"%X", "+", "X"},
    {"%{Referer}i", "http://a/\\n", "-"},
    {"%{user-agent}i", "spam\\x1b", "-"},
    {"%{Host}i", "example.org:80", "-"},
    {"%s\t%l", "200\t-", "-\t-"},
    {"%%", "%", "%"},
    {"a%%b%s%%", "a%b200%", "a%b-%"},
    {"literal \xc3\xa9", "literal \xc3\xa9", "literal \xc3\xa9"},
    {"common", "192.0.2.1 - eric [06/Nov/1994:08:49:37 +0000] \"GET /\\\"x\\\" HTTP/1.1\" 200 1024",
     "unix: - - [01/Jan/1970:00:00:00 +0000] \"-\" - -"},
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
    {"%h %{X-Spam}i", 3, "unknown directive '%{X-Spam}i'"},
    {"%{Referer}o", 0, "unknown directive '%{Referer}o'"},
    {"%{Referer}", 0, "unknown directive '%{Referer}'"},
    {"%{spam}h", 0, "unknown directive '%{spam}h'"},
    {"%i", 0, "unknown directive '%i'"},
    {"%h %{Referer", 4, "'{' without '}'"},
    {"%h\n%s", 2, "a format holds no control byte but tab: each record is one line"},
    {"x\x1by", 1, "a format holds no control byte but tab: each record is one line"},
};

BOOST_DATA_TEST_CASE(problems, boost::unit_test::data::make(kBad)) {
    const auto compiled = LogFormat::compile(sample.format);
    BOOST_REQUIRE(!compiled);
    BOOST_TEST(compiled.error().offset == sample.offset);
    BOOST_TEST(compiled.error().message == sample.message);
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
