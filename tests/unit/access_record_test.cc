#include "basehttp/log/access_record.h"

#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/log/log_format.h"

namespace {

using basehttp::AccessRecord;
using basehttp::ClientAddress;
using basehttp::decode_record;
using basehttp::Ending;

AccessRecord full() {
    AccessRecord record;
    record.arrival_ns = 123;
    record.duration_ns = 456;
    record.client = {ClientAddress::Family::ipv6, 4711, {0x20, 1, 0xd, 0xb8}};
    record.status = 404;
    record.ending = Ending::aborted;
    record.body_bytes = 1ULL << 40U;
    record.connection_serial = 77;
    record.request_number = 8;
    record.request_line = "GET / HTTP/1.1";
    record.host = "h";
    record.referer = "r";
    record.user_agent = "ua";
    record.user = "u";
    return record;
}

std::vector<std::byte> encoded(const AccessRecord& record) {
    std::vector<std::byte> bytes(encoded_size(record));
    encode_record(record, bytes);
    return bytes;
}

BOOST_AUTO_TEST_CASE(a_record_comes_back_as_it_was) {
    const AccessRecord record = full();
    const auto bytes = encoded(record);
    const auto back = decode_record(bytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->arrival_ns == record.arrival_ns);
    BOOST_TEST(back->duration_ns == record.duration_ns);
    BOOST_TEST(back->completion_ns() == 579);
    BOOST_TEST(back->client.text() == "2001:db8::");
    BOOST_TEST(back->client.port == 4711);
    BOOST_TEST(back->status == 404);
    BOOST_TEST((back->ending == Ending::aborted));
    BOOST_TEST(back->body_bytes == record.body_bytes);
    BOOST_TEST(back->connection_serial == 77U);
    BOOST_TEST(back->request_number == 8U);
    BOOST_TEST(back->request_line == "GET / HTTP/1.1");
    BOOST_TEST(back->host == "h");
    BOOST_TEST(back->referer == "r");
    BOOST_TEST(back->user_agent == "ua");
    BOOST_TEST(back->user == "u");
}

BOOST_AUTO_TEST_CASE(an_empty_record_comes_back) {
    const auto bytes = encoded({});
    const auto back = decode_record(bytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->request_line.empty());
    BOOST_TEST(back->client.text() == "unix:");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut) {
    const std::string longest(basehttp::kLongestRecordText, 'x');
    AccessRecord record;
    const std::string longer = longest + "y";
    record.request_line = record.host = record.referer = record.user_agent = record.user = longer;
    const auto bytes = encoded(record);
    const auto back = decode_record(bytes);
    BOOST_REQUIRE(back.has_value());
    for (const auto text : {back->request_line, back->host, back->referer, back->user_agent, back->user})
        BOOST_TEST((text == longest));
}

BOOST_AUTO_TEST_CASE(what_was_cut_short_is_no_record) {
    const auto bytes = encoded(full());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        BOOST_TEST(!decode_record(std::vector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
}

BOOST_AUTO_TEST_CASE(mutated_bytes_are_no_record_or_a_record_within_bounds) {
    const auto format =
        basehttp::LogFormat::compile("%h %t %r %s %b %D %T %v %k %X %{Referer}i %{User-Agent}i").value();
    const auto good = encoded(full());
    std::mt19937 random(1);
    std::string line;
    for (int round = 0; round < 100'000; ++round) {
        auto bytes = good;
        for (int i = 0; i < 4; ++i)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        const auto record = decode_record(bytes);
        if (!record) continue;
        const char* first = reinterpret_cast<const char*>(bytes.data());
        for (const auto text :
             {record->request_line, record->host, record->referer, record->user_agent, record->user})
            BOOST_REQUIRE((text.data() >= first && text.data() + text.size() <= first + bytes.size()));
        static_cast<void>(record->completion_ns());
        line.clear();
        format.append_line(line, *record);
        BOOST_REQUIRE(line.find('\n') == line.size() - 1);
    }
}

BOOST_AUTO_TEST_CASE(times_of_any_size_can_be_added) {
    AccessRecord record;
    record.arrival_ns = record.duration_ns = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(record.completion_ns() == -2);
}

// The family and the ending stand last in the fixed part, which an empty record consists of.
BOOST_AUTO_TEST_CASE(values_that_nobody_knows_are_no_record) {
    const auto good = encoded({});
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bytes = good;
        bytes[at] = std::byte{4};
        const auto record = decode_record(bytes);
        if (!record) ++refused;
        if (record) BOOST_TEST((record->ending <= Ending::aborted));
        if (record) BOOST_TEST((record->client.family <= ClientAddress::Family::ipv6));
    }
    BOOST_TEST(refused > 0U);
}

}  // namespace
