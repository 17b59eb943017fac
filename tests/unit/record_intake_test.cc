// What the logger takes out of the rings, and in what order, from writers that are sane and from one that is not.
#include "daemon/logger/record_intake.h"

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/log/access_record.h"
#include "basehttp/log/error_record.h"
#include "basehttp/log/log_format.h"

namespace basehttpd {
namespace {

using basehttp::AccessRecord;
using basehttp::LogRing;
using basehttp::RecordKind;

AccessRecord record_at(std::int64_t time_ns, std::string_view line = "GET / HTTP/1.1") {
    AccessRecord record;
    record.arrival_ns = time_ns;
    record.request_line = line;
    return record;
}

struct Fixture {
    void put(std::size_t slot, const AccessRecord& record) {
        const auto room = board.slot(slot).ring.reserve(encoded_size(record));
        BOOST_REQUIRE(room.has_value());
        encode_record(record, *room);
        board.slot(slot).ring.publish(RecordKind::access);
    }

    // All batches, as `slot:line`.
    std::vector<std::string> take_all() {
        std::vector<std::string> lines;
        bool more = true;
        for (batches = 0; more; ++batches) {
            more = intake.fill(read);
            for (; intake.next() != nullptr; intake.pop()) {
                const auto& item = *intake.next();
                const auto record = basehttp::decode_record(item.bytes);
                lines.push_back(std::to_string(item.slot) + ":" +
                                std::string(record ? record->request_line : "no record"));
                read[item.slot].position = item.record.end;
            }
        }
        return lines;
    }

    static constexpr std::size_t kWorkers = 3;
    Scoreboard board = Scoreboard::create(kWorkers).value();
    RecordIntake intake{board};
    std::vector<LogProgress::Ring> read{kWorkers + 1};
    int batches = 0;
};

BOOST_FIXTURE_TEST_CASE(records_come_in_the_order_of_their_completion, Fixture) {
    put(1, record_at(10, "a"));
    put(1, record_at(40, "d"));
    put(2, record_at(20, "b"));
    put(2, record_at(30, "c"));
    put(3, record_at(5, "first"));
    const std::vector<std::string> wanted{"3:first", "1:a", "2:b", "2:c", "1:d"};
    BOOST_TEST(take_all() == wanted, boost::test_tools::per_element());
    BOOST_TEST(take_all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_ring_is_read_in_its_own_order_whatever_its_times_are, Fixture) {
    put(1, record_at(30, "a"));
    put(1, record_at(10, "b"));
    put(2, record_at(20, "c"));
    const std::vector<std::string> wanted{"2:c", "1:a", "1:b"};
    BOOST_TEST(take_all() == wanted, boost::test_tools::per_element());
}

// However much there is, a batch is bounded, and the order goes on from one to the next.
BOOST_FIXTURE_TEST_CASE(batches_are_bounded_and_in_order, Fixture) {
    constexpr int kRecords = 200;
    const std::string padding(basehttp::kLongestRecordText - 100, 'x');
    std::vector<std::string> wanted;
    for (int i = 0; i < kRecords; ++i) {
        const std::size_t slot = i % 7 == 0 ? 1 : 1 + static_cast<std::size_t>(i) % kWorkers;
        const std::string line = std::to_string(i) + padding;
        put(slot, record_at(i + 1, line));
        wanted.push_back(std::to_string(slot) + ":" + line);
    }
    const auto lines = take_all();
    BOOST_TEST((lines == wanted));
    BOOST_TEST(batches >= static_cast<int>(kRecords * padding.size() / (2 * RecordIntake::kBatch)));
}

// The longest records of all rings at once are more than a batch.
BOOST_AUTO_TEST_CASE(a_batch_takes_something_from_however_many_rings) {
    constexpr std::size_t kRings = 40;
    Scoreboard board = Scoreboard::create(kRings).value();
    RecordIntake intake(board);
    const std::vector<LogProgress::Ring> read{kRings + 1};
    for (std::size_t slot = 1; slot <= kRings; ++slot) {
        BOOST_REQUIRE(board.slot(slot).ring.reserve(LogRing::kLongestRecord).has_value());
        board.slot(slot).ring.publish(RecordKind::access);
    }
    BOOST_TEST(!intake.fill(read));
    BOOST_TEST(intake.rest().size() == kRings);
}

BOOST_FIXTURE_TEST_CASE(a_ring_that_makes_no_sense_holds_nobody_up, Fixture) {
    put(2, record_at(10, "a"));
    board.slot(1).ring.writers_part().head = 3;
    BOOST_TEST(!intake.fill(read));
    BOOST_TEST((intake.next()->record.kind == RecordKind::filler));
    BOOST_TEST(intake.next()->record.end == 0U);
    intake.pop();
    BOOST_TEST(basehttp::decode_record(intake.next()->bytes)->request_line == "a");
    read[1].refused = true;
    intake.fill(read);
    BOOST_TEST(basehttp::decode_record(intake.next()->bytes)->request_line == "a");
}

// A writer that changes a ring's bytes, and its head, as fast as it can while they are read.
void spoil(LogRing& ring, const std::atomic<bool>& done) {
    constexpr std::size_t kUsed = 8192;
    std::mt19937_64 random(1);
    auto* const bytes = reinterpret_cast<unsigned char*>(ring.writers_part().bytes);
    while (!done) {
        for (int i = 0; i < 64; ++i)
            reinterpret_cast<std::atomic<unsigned char>*>(bytes)[random() % kUsed] =
                static_cast<unsigned char>(random() % 4 == 0 ? '\n' : random());
    }
}

BOOST_FIXTURE_TEST_CASE(bytes_that_change_while_they_are_read_make_no_other_line, Fixture) {
    const auto json = basehttp::LogFormat::compile("json").value();
    const auto text = basehttp::LogFormat::compile("combined").value();
    LogRing& ring = board.slot(1).ring;
    std::string captured;
    for (int i = 0; i < 20; ++i)
        basehttp::Captured::append(captured, basehttp::CaptureKind::cookie, std::to_string(i), "spam");
    std::atomic<bool> done = false;
    std::jthread writer([&] { spoil(ring, done); });
    std::size_t records = 0;
    std::string lines;
    for (int round = 0; round < 20'000; ++round) {
        ring.release(0);
        new (&ring.writers_part()) LogRing::Written;
        read[1].position = 0;
        AccessRecord record = record_at(1, "GET /spam HTTP/1.1");
        record.captured = basehttp::Captured::of(captured);
        put(1, record);
        intake.fill(read);
        for (; intake.next() != nullptr; intake.pop()) {
            const auto read_back = basehttp::decode_record(intake.next()->bytes);
            if (!read_back) continue;
            ++records;
            for (const auto* format : {&json, &text}) {
                lines.clear();
                format->append_line(lines, *read_back);
                BOOST_REQUIRE(lines.find('\n') == lines.size() - 1);
            }
        }
    }
    done = true;
    BOOST_TEST(records > 0U);
}

}  // namespace
}  // namespace basehttpd
