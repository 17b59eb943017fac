#include "daemon/logger/sinks/syslog_encoder.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/time_zone.h"

namespace basehttpd {
namespace {

using basehttp::AccessRecord;
using basehttp::ClientAddress;
using basehttp::Severity;
using Form = SyslogConfig::Form;

using basehttpd_test::HalfAnHour;
BOOST_TEST_GLOBAL_FIXTURE(HalfAnHour);

SyslogConfig config(Form form, unsigned facility = 16) {
    SyslogConfig config;
    config.form = form;
    config.facility = facility;
    config.tag = "spam";
    return config;
}

AccessRecord access(unsigned status) {
    AccessRecord record;
    record.arrival_ns = 784'111'776'000'042'999;
    record.duration_ns = 1'000'000'000;
    record.client = {ClientAddress::Family::ipv4, 4711, {192, 0, 2, 1}};
    record.status = static_cast<std::uint16_t>(status);
    record.request_line = "GET /\n HTTP/1.1";
    return record;
}

template <typename Record>
std::string message(const SyslogConfig& config, const Record& record, std::string_view format = "%h \"%r\"") {
    std::string out = "before";
    SyslogEncoder(config, basehttp::LogFormat::compile(format).value(), {"host", 42}).append(out, record);
    BOOST_TEST(out.starts_with("before"));
    return out.substr(6);
}

BOOST_AUTO_TEST_CASE(an_access_record_to_the_machines_own_log) {
    BOOST_TEST(message(config(Form::local), access(200)) ==
               R"(<134>Nov  6 14:19:37 spam[42]: 192.0.2.1 "GET /\n HTTP/1.1")");
}

BOOST_AUTO_TEST_CASE(an_access_record_as_rfc_5424_has_it) {
    BOOST_TEST(message(config(Form::rfc5424), access(200)) ==
               "<134>1 1994-11-06T14:19:37.000042+05:30 host spam 42 access - "
               R"(192.0.2.1 "GET /\n HTTP/1.1")");
}

BOOST_AUTO_TEST_CASE(severity_by_status_and_facility) {
    const auto priority = [](unsigned facility, unsigned status) {
        const std::string text = message(config(Form::local, facility), access(status));
        return text.substr(0, text.find('>') + 1);
    };
    BOOST_TEST(priority(16, 304) == "<134>");
    BOOST_TEST(priority(16, 404) == "<133>");
    BOOST_TEST(priority(16, 500) == "<131>");
    BOOST_TEST(priority(23, 200) == "<190>");
    BOOST_TEST(priority(1, 200) == "<14>");
}

BOOST_AUTO_TEST_CASE(a_line_of_the_error_log) {
    const ErrorLine line{{784'111'777'000'042'999, Severity::warning, "a\nb", {0x5e8a01c7, 31, 2}}, "worker 3"};
    BOOST_TEST(message(config(Form::local, 3), line) ==
               R"(<28>Nov  6 14:19:37 spam[42]: worker 3: a\nb, id 5e8a01c7-1f-2)");
    BOOST_TEST(message(config(Form::rfc5424, 3), line) ==
               "<28>1 1994-11-06T14:19:37.000042+05:30 host spam 42 error - "
               R"(worker 3: a\nb, id 5e8a01c7-1f-2)");
}

BOOST_AUTO_TEST_CASE(one_that_is_too_long_is_cut) {
    const std::string long_line(9000, 'x');
    AccessRecord record = access(200);
    record.request_line = long_line;
    BOOST_TEST(message(config(Form::rfc5424), record).size() == 8192U);
    record.request_line = std::string_view(long_line).substr(0, 100);
    BOOST_TEST(message(config(Form::rfc5424), record).ends_with("xx\""));
}

}  // namespace
}  // namespace basehttpd
