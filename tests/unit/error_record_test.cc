#include "basehttp/log/error_record.h"

#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/log/access_record.h"
#include "tests/unit/time_zone.h"

namespace {

using basehttp::decode_error_record;
using basehttp::ErrorRecord;
using basehttp::Severity;

using basehttpd_test::Utc;
BOOST_TEST_GLOBAL_FIXTURE(Utc);

std::vector<std::byte> encoded(const ErrorRecord& record) {
    std::vector<std::byte> bytes(encoded_size(record));
    encode_record(record, bytes);
    return bytes;
}

std::string line(const ErrorRecord& record) {
    std::string out;
    append_error_line(out, record, "worker 1");
    return out;
}

BOOST_AUTO_TEST_CASE(a_record_comes_back_as_it_was) {
    for (const auto& [severity, name] : basehttp::kSeverityNames) {
        const auto bytes = encoded({123, severity, "spam"});
        const auto back = decode_error_record(bytes);
        BOOST_REQUIRE(back.has_value());
        BOOST_TEST(back->time_ns == 123);
        BOOST_TEST((back->severity == severity), name);
        BOOST_TEST(back->text == "spam");
    }
}

BOOST_AUTO_TEST_CASE(so_does_what_it_is_about) {
    const auto bytes = encoded({123, Severity::error, "spam", {1, 2, 3}, "a.example"});
    const auto back = decode_error_record(bytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->text == "spam");
    BOOST_TEST((back->request_id == basehttp::RequestId{1, 2, 3}));
    BOOST_TEST(back->site == "a.example");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut) {
    const std::string text(20'000, 'x');
    const auto bytes = encoded({0, Severity::error, text});
    BOOST_TEST(decode_error_record(bytes).value().text.size() == basehttp::kLongestRecordText);
}

BOOST_AUTO_TEST_CASE(what_was_cut_short_is_no_record) {
    const auto bytes = encoded({123, Severity::error, "spam", {1, 2, 3}, "a.example"});
    for (std::size_t size = 0; size < bytes.size(); ++size)
        BOOST_TEST(
            !decode_error_record(std::vector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
}

BOOST_AUTO_TEST_CASE(mutated_bytes_make_at_most_one_line) {
    const auto good = encoded({784'111'777'123'000'000, Severity::error, "spam and eggs", {1, 2, 3}, "a.example"});
    std::mt19937 random(1);
    for (int round = 0; round < 100'000; ++round) {
        auto bytes = good;
        for (int i = 0; i < 3; ++i)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        const auto record = decode_error_record(bytes);
        if (!record) continue;
        const std::string out = line(*record);
        BOOST_REQUIRE(out.find('\n') == out.size() - 1);
    }
}

BOOST_AUTO_TEST_CASE(lines) {
    BOOST_TEST(line({784'111'777'123'000'000, Severity::error, "spam\n\x1b"}) ==
               "1994-11-06T08:49:37.123+0000 [error] worker 1: spam\\n\\x1b\n");
    BOOST_TEST(line({0, Severity::error, "spam", {0x5e8a01c7, 31, 2}, "a.example"}) ==
               "1970-01-01T00:00:00.000+0000 [error] worker 1: spam, id 5e8a01c7-1f-2\n");
    BOOST_TEST(line({0, Severity::notice, ""}) == "1970-01-01T00:00:00.000+0000 [notice] worker 1: \n");
}

BOOST_AUTO_TEST_CASE(times_before_1970_have_their_milliseconds) {
    BOOST_TEST(line({-1'000'000, Severity::info, "x"}) == "1969-12-31T23:59:59.999+0000 [info] worker 1: x\n");
    static_cast<void>(line({std::numeric_limits<std::int64_t>::min(), Severity::info, "x"}));
    static_cast<void>(line({std::numeric_limits<std::int64_t>::max(), Severity::info, "x"}));
}

BOOST_AUTO_TEST_CASE(severities_have_names) {
    BOOST_TEST(basehttp::severity_name(Severity::critical) == "critical");
    BOOST_TEST((basehttp::severity_from_name("warning") == Severity::warning));
    BOOST_TEST(!basehttp::severity_from_name("Warning"));
    BOOST_TEST(basehttp::severity_name(static_cast<Severity>(1)) == "unknown");
}

}  // namespace
