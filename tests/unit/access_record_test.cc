#include "basehttp/log/access_record.h"

#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/log/log_format.h"

namespace {

using basehttp::AccessRecord;
using basehttp::Captured;
using basehttp::CaptureKind;
using basehttp::CaptureList;
using basehttp::ClientAddress;
using basehttp::decode_record;
using basehttp::Ending;

const std::string& captured() {
    static const std::string packed = [] {
        std::string text;
        Captured::append(text, CaptureKind::request_field, "X-Spam", "eggs");
        Captured::append(text, CaptureKind::cookie, "session", "");
        return text;
    }();
    return packed;
}

AccessRecord full() {
    AccessRecord record;
    record.arrival_ns = 123;
    record.head_ns = 1;
    record.handler_ns = 2;
    record.first_byte_ns = 3;
    record.duration_ns = 456;
    record.client = {ClientAddress::Family::ipv6, 4711, {0x20, 1, 0xd, 0xb8}};
    record.peer = {ClientAddress::Family::ipv4, 4712, {192, 0, 2, 1}};
    record.local = {ClientAddress::Family::ipv4, 80, {192, 0, 2, 2}};
    record.status = 404;
    record.ending = Ending::worker_died;
    record.signal = 11;
    record.persists = true;
    record.body_bytes = 1ULL << 40U;
    record.bytes_in = 99;
    record.bytes_out = (1ULL << 40U) + 100;
    record.id = {0x5e8a01c7, 77, 8};
    record.request_line = "GET / HTTP/1.1";
    record.host = "h";
    record.referer = "r";
    record.user_agent = "ua";
    record.user = "u";
    record.site = "example.org";
    record.route = "/api/";
    record.captured = Captured::of(captured());
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
    BOOST_TEST(back->head_ns == 1);
    BOOST_TEST(back->handler_ns == 2);
    BOOST_TEST(back->first_byte_ns == 3);
    BOOST_TEST(back->duration_ns == record.duration_ns);
    BOOST_TEST(back->completion_ns() == 579);
    BOOST_TEST(basehttp::completion_of_record(bytes) == 579);
    BOOST_TEST(back->client.text() == "2001:db8::");
    BOOST_TEST((back->client == record.client));
    BOOST_TEST((back->peer == record.peer));
    BOOST_TEST((back->local == record.local));
    BOOST_TEST(back->status == 404);
    BOOST_TEST((back->ending == Ending::worker_died));
    BOOST_TEST(back->signal == 11);
    BOOST_TEST(back->persists);
    BOOST_TEST(back->body_bytes == record.body_bytes);
    BOOST_TEST(back->bytes_in == 99U);
    BOOST_TEST(back->bytes_out == record.bytes_out);
    BOOST_TEST((back->id == record.id));
    BOOST_TEST(back->request_line == "GET / HTTP/1.1");
    BOOST_TEST(back->host == "h");
    BOOST_TEST(back->referer == "r");
    BOOST_TEST(back->user_agent == "ua");
    BOOST_TEST(back->user == "u");
    BOOST_TEST(back->site == "example.org");
    BOOST_TEST(back->route == "/api/");
    BOOST_TEST(back->captured.find(CaptureKind::request_field, "x-spam").value() == "eggs");
    BOOST_TEST(back->captured.find(CaptureKind::cookie, "session").value() == "");
    BOOST_TEST(!back->captured.find(CaptureKind::cookie, "Session"));
    BOOST_TEST(!back->captured.find(CaptureKind::note, "session"));
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
    record.request_line = record.host = record.referer = record.user_agent = record.user = record.site =
        record.route = longer;
    const auto bytes = encoded(record);
    const auto back = decode_record(bytes);
    BOOST_REQUIRE(back.has_value());
    for (const auto text :
         {back->request_line, back->host, back->referer, back->user_agent, back->user, back->site, back->route})
        BOOST_TEST((text == longest));
}

BOOST_AUTO_TEST_CASE(what_was_cut_short_is_no_record) {
    const auto bytes = encoded(full());
    BOOST_TEST(basehttp::completion_of_record(std::span(bytes).first(8)) == 0);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        BOOST_TEST(!decode_record(std::vector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
}

// In the fixed part each text has its size; no size is written that is larger than this one.
BOOST_AUTO_TEST_CASE(texts_longer_than_they_are_written_are_no_record) {
    AccessRecord record;
    const std::string longest(basehttp::kLongestRecordText, 'x');
    record.request_line = record.host = record.referer = record.user_agent = record.user = record.site =
        record.route = longest;
    const auto good = encoded(record);
    const std::uint16_t size = basehttp::kLongestRecordText;
    std::size_t sizes = 0;
    for (std::size_t at = 0; at + 2 <= good.size() - 7 * longest.size(); at += 2) {
        if (std::memcmp(good.data() + at, &size, sizeof size) != 0) continue;
        auto bytes = good;
        const std::uint16_t larger = size + 1;
        std::memcpy(bytes.data() + at, &larger, sizeof larger);
        bytes.resize(bytes.size() + 1);
        BOOST_TEST(!decode_record(bytes));
        ++sizes;
    }
    BOOST_TEST(sizes == 7U);
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
        for (const auto text : {record->request_line, record->host, record->referer, record->user_agent, record->user,
                                record->site, record->route, record->captured.packed()})
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

// An empty record is its fixed part alone.
BOOST_AUTO_TEST_CASE(values_that_nobody_knows_are_no_record) {
    const auto good = encoded({});
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bytes = good;
        bytes[at] = std::byte{0xff};
        const auto record = decode_record(bytes);
        if (!record) ++refused;
        if (!record) continue;
        BOOST_TEST((record->ending <= Ending::worker_died));
        BOOST_TEST((record->client.family <= ClientAddress::Family::ipv6));
        BOOST_TEST(record->status <= 999);
    }
    constexpr std::size_t kFamilies = 3;
    constexpr std::size_t kSizes = 2 * 8;
    constexpr std::size_t kStatusEndingSignalPersists = 4;
    BOOST_TEST(refused == kFamilies + kSizes + kStatusEndingSignalPersists);
}

BOOST_AUTO_TEST_CASE(what_was_captured_is_no_longer_than_it_may_be) {
    std::string packed;
    const std::string long_value(20'000, 'x');
    Captured::append(packed, CaptureKind::note, std::string(300, 'n'), long_value);
    const auto one = Captured::read(packed);
    BOOST_REQUIRE(one.has_value());
    BOOST_TEST(one->find(CaptureKind::note, std::string(255, 'n')).value().size() == Captured::kLongestValue);
    for (int i = 0; i < 10; ++i)
        Captured::append(packed, CaptureKind::note, "n", long_value);
    BOOST_TEST(packed.size() <= Captured::kMostBytes);
    BOOST_TEST(Captured::read(packed).has_value());
    AccessRecord record;
    record.captured = Captured::of(packed);
    BOOST_TEST((decode_record(encoded(record))->captured.packed() == packed));
}

BOOST_AUTO_TEST_CASE(captured_bytes_that_make_no_sense_are_not_read) {
    const std::string good = captured();
    for (std::size_t size = 1; size < good.size(); ++size) {
        const bool first_alone = size == 4 + 6 + 4;
        BOOST_TEST(Captured::read(std::string_view(good).substr(0, size)).has_value() == first_alone);
    }
    std::string bad_kind = good;
    bad_kind[0] = 7;
    BOOST_TEST(!Captured::read(bad_kind));
}

BOOST_AUTO_TEST_CASE(a_capture_list_has_each_name_once_and_an_end) {
    CaptureList list;
    BOOST_TEST(list.add({CaptureKind::request_field, "X-Spam"}));
    BOOST_TEST(list.add({CaptureKind::request_field, "x-spam"}));
    BOOST_TEST(list.size() == 1U);
    BOOST_TEST(list.add({CaptureKind::cookie, "a"}));
    BOOST_TEST(list.add({CaptureKind::cookie, "A"}));
    BOOST_TEST(list.size() == 3U);
    CaptureList all;
    for (std::size_t i = 0; i < CaptureList::kMost; ++i)
        BOOST_TEST(all.add({CaptureKind::note, std::to_string(i)}));
    BOOST_TEST(!all.add({CaptureKind::note, "one more"}));
    BOOST_TEST(!all.add(list));
    BOOST_TEST(all.size() == CaptureList::kMost);
}

}  // namespace
