#include "basehttp/log/json_line.h"

#include <csignal>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/log/log_format.h"
#include "tests/unit/logged_request.h"
#include "tests/unit/time_zone.h"

namespace {

using basehttp::AccessRecord;
using basehttp::Captured;
using basehttp::CaptureKind;
using basehttp::ClientAddress;
using basehttp::Ending;

using basehttpd_test::HalfAnHour;
BOOST_TEST_GLOBAL_FIXTURE(HalfAnHour);

AccessRecord full() {
    AccessRecord record = basehttpd_test::logged_request();
    record.handler_ns = 2'000;
    record.first_byte_ns = 3'000;
    record.peer = record.client;
    record.local = {ClientAddress::Family::ipv4, 80, {198, 51, 100, 7}};
    record.user_agent = "spam\"\n\xff";
    return record;
}

std::string json(const AccessRecord& record) {
    std::string out;
    basehttp::JsonLine().append(out, record);
    return out;
}

BOOST_AUTO_TEST_CASE(a_client_with_a_name) {
    AccessRecord record;
    BOOST_TEST(!json(record).contains("client_name"));
    record.client_name = "a.example";
    BOOST_TEST(json(record).contains(R"(,"duration_us":0,"client_name":"a.example"})"));
}

BOOST_AUTO_TEST_CASE(every_key_in_its_order) {
    const AccessRecord record = full();
    BOOST_TEST(json(record) ==
               R"({"time":"1994-11-06T14:19:37.000042+05:30","client":"192.0.2.1","client_port":4711,)"
               R"("peer":"192.0.2.1","peer_port":4711,"server":"198.51.100.7","server_port":80,"tls":null,)"
               R"("host":"example.org","user":null,"request":"GET /a?b HTTP/1.1","method":"GET","target":"/a?b",)"
               R"("protocol":"HTTP/1.1","status":200,"bytes":5,"bytes_in":6,"bytes_out":7,"referer":null,)"
               "\"user_agent\":\"spam\\\"\\u000a\xef\xbf\xbd\","
               R"("request_id":"5e8a01c7-1f-2","connection":31,"request_number":2,"site":"*","route":"/a",)"
               R"("worker":3,"pid":99,"run":"abc",)"
               R"("serial":12,"ended":"complete","head_us":1,"handler_us":2,"first_byte_us":3,"duration_us":4})");
}

BOOST_AUTO_TEST_CASE(what_was_no_request_and_had_no_answer) {
    AccessRecord record = full();
    record.request_line = "\x16\x03\x01";
    record.status = 0;
    record.ending = Ending::worker_died;
    record.signal = SIGSEGV;
    const std::string line = json(record);
    BOOST_TEST(
        line.contains(R"("request":"\u0016\u0003\u0001","method":null,"target":null,"protocol":null,"status":null)"));
    BOOST_TEST(line.contains(R"("ended":"worker_died","signal":"SIGSEGV",)"));
}

BOOST_AUTO_TEST_CASE(captured_names_in_their_groups_each_once) {
    std::string packed;
    Captured::append(packed, CaptureKind::cookie, "id", "7");
    Captured::append(packed, CaptureKind::request_field, "X-Spam", "a\"b");
    Captured::append(packed, CaptureKind::request_field, "x-spam", "again");
    Captured::append(packed, CaptureKind::file, "", "/srv/a");
    AccessRecord record = full();
    record.captured = Captured::of(packed);
    BOOST_TEST(
        json(record).ends_with(R"("fields":{"request":{"X-Spam":"a\"b"},"cookie":{"id":"7"},"file":"/srv/a"}})"));
}

BOOST_AUTO_TEST_CASE(no_byte_of_a_record_is_raw) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte)
        every += static_cast<char>(byte);
    every += "\xe2\x80\xa8\xe2\x80\xae\xc2\x85";  // line separator, right-to-left override, next line
    AccessRecord record = full();
    record.request_line = record.host = record.referer = record.user_agent = record.user = every;
    record.site = record.route = every;
    const std::string line = json(record);
    for (const char c : line)
        BOOST_TEST((static_cast<unsigned char>(c) >= ' ' && c != '\x7f'));
    for (const char* unsafe : {"\xe2\x80\xa8", "\xe2\x80\xae", "\xc2\x85"})
        BOOST_TEST(!line.contains(unsafe));
}

}  // namespace
