#include "basehttp/log/log_ring.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "tests/unit/ring_memory.h"

namespace {

using basehttp::LogRing;
using basehttp::RecordKind;

using basehttp_test::RingMemory;

struct Fixture {
    Fixture()
        : memory(::mmap(nullptr, sizeof(RingMemory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
          parts(*new (memory) RingMemory),
          ring(parts.ring) {}
    ~Fixture() { ::munmap(memory, sizeof(RingMemory)); }

    void* memory;
    RingMemory& parts;
    LogRing& ring;
};

bool put(LogRing& ring, std::string_view text, RecordKind kind = RecordKind::access) {
    const auto room = ring.reserve(text.size());
    if (!room) return false;
    std::memcpy(room->data(), text.data(), text.size());
    ring.publish(kind);
    return true;
}

std::string text_of(const LogRing& ring, const LogRing::Found& record) {
    if (record.kind == RecordKind::filler) return "nonsense";
    std::string text(record.size, '\0');
    ring.copy(record, std::as_writable_bytes(std::span(text)));
    return text;
}

// The next record's text, released.
std::string take(LogRing& ring) {
    const auto record = ring.find(ring.released());
    if (!record) return "nothing";
    ring.release(record->end);
    return text_of(ring, *record);
}

// A text that takes a part of the ring, its head included.
std::string part(std::size_t of, char letter) {
    return std::string(LogRing::kCapacity / of - 16, letter);
}

BOOST_FIXTURE_TEST_CASE(records_come_out_in_order, Fixture) {
    BOOST_TEST(take(ring) == "nothing");
    BOOST_TEST(put(ring, "spam"));
    BOOST_TEST(put(ring, ""));
    BOOST_TEST(put(ring, "and eggs", RecordKind::error));
    BOOST_TEST(take(ring) == "spam");
    BOOST_TEST(take(ring) == "");
    BOOST_TEST((ring.find(ring.released())->kind == RecordKind::error));
    BOOST_TEST(take(ring) == "and eggs");
    BOOST_TEST(take(ring) == "nothing");
}

BOOST_FIXTURE_TEST_CASE(reading_does_not_release, Fixture) {
    put(ring, "a");
    put(ring, "b");
    const auto first = ring.find(ring.released());
    const auto second = ring.find(first->end);
    BOOST_TEST(text_of(ring, *second) == "b");
    BOOST_TEST(!ring.find(second->end));
    BOOST_TEST(take(ring) == "a");
}

BOOST_FIXTURE_TEST_CASE(what_is_reserved_but_not_published_is_not_there, Fixture) {
    BOOST_TEST(ring.reserve(10).has_value());
    BOOST_TEST(take(ring) == "nothing");
    BOOST_TEST(put(ring, "spam"));
    BOOST_TEST(take(ring) == "spam");
}

BOOST_FIXTURE_TEST_CASE(a_full_ring_takes_no_more_until_released, Fixture) {
    const std::string text = part(32, 'x');
    for (int i = 0; i < 32; ++i)
        BOOST_TEST(put(ring, text));
    BOOST_TEST(!put(ring, ""));
    ring.count_lost(RecordKind::access);
    BOOST_TEST(ring.lost() == 1U);
    BOOST_TEST((take(ring) == text));
    BOOST_TEST(put(ring, text));
    BOOST_TEST(!put(ring, ""));
}

BOOST_FIXTURE_TEST_CASE(what_is_longer_than_a_record_may_be_never_fits, Fixture) {
    BOOST_TEST(!ring.reserve(LogRing::kLongestRecord + 1));
    BOOST_TEST(!ring.reserve(SIZE_MAX));
    BOOST_TEST(!ring.reserve(SIZE_MAX - 16));
    BOOST_TEST(ring.reserve(LogRing::kLongestRecord).has_value());
}

BOOST_FIXTURE_TEST_CASE(records_wrap_around_at_every_offset, Fixture) {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        const std::string text(random() % 3000, static_cast<char>('a' + round % 26));
        BOOST_REQUIRE(put(ring, text));
        BOOST_REQUIRE((take(ring) == text));
    }
    BOOST_TEST(ring.released() > 10 * LogRing::kCapacity);
}

BOOST_FIXTURE_TEST_CASE(a_record_does_not_overwrite_what_a_filler_leaves_no_room_for, Fixture) {
    for (int i = 0; i < 63; ++i)
        BOOST_TEST(put(ring, part(64, 'a')));
    take(ring);
    take(ring);
    // A sixty-fourth is free at the end and two at the front: this needs the filler and all of the front.
    BOOST_TEST(!put(ring, part(32, 'c') + "c"));
    BOOST_TEST(put(ring, part(32, 'c')));
    BOOST_TEST(!put(ring, ""));
    for (int i = 0; i < 61; ++i)
        BOOST_TEST(take(ring).front() == 'a');
    BOOST_TEST((take(ring) == part(32, 'c')));
    BOOST_TEST(take(ring) == "nothing");
}

BOOST_FIXTURE_TEST_CASE(a_sleeper_is_woken_once, Fixture) {
    BOOST_TEST(!ring.take_sleep_mark());
    BOOST_TEST(ring.mark_sleeping(0));
    put(ring, "x");
    BOOST_TEST(ring.take_sleep_mark());
    BOOST_TEST(!ring.take_sleep_mark());
    BOOST_TEST(!ring.mark_sleeping(0));
    BOOST_TEST(!ring.take_sleep_mark());
}

BOOST_FIXTURE_TEST_CASE(corrupt_memory_never_leads_out_of_the_ring, Fixture) {
    std::mt19937_64 random(1);
    auto* const sizes = reinterpret_cast<std::uint64_t*>(parts.written.bytes);
    for (int round = 0; round < 50'000; ++round) {
        new (memory) RingMemory;
        for (int i = 0; i < 5; ++i)
            put(ring, "spam and eggs");
        const std::uint64_t noise = random() >> random() % 64;
        if (random() % 2 == 0) parts.written.head = noise;
        if (random() % 2 == 0) parts.taken.tail = random() >> random() % 64;
        sizes[random() % 32] = random() >> random() % 64;  // and kinds
        std::uint64_t position = random() % 2 == 0 ? 0 : ring.released();
        for (int steps = 0; steps < 200; ++steps) {
            const auto record = ring.find(position);
            if (!record) break;
            BOOST_REQUIRE(record->size <= LogRing::kLongestRecord);
            BOOST_REQUIRE(record->begin % LogRing::kCapacity + record->size <= LogRing::kCapacity);
            BOOST_REQUIRE((record->end != position || record->kind == RecordKind::filler));
            if (record->kind == RecordKind::filler) break;
            position = record->end;
        }
        // Whoever has the ring next can log.
        ring.release(position & ~std::uint64_t{15});
        ring.start_anew();
        BOOST_REQUIRE(ring.is_sound());
        BOOST_REQUIRE(put(ring, "eggs"));
        BOOST_REQUIRE(take(ring) == "eggs");
    }
}

BOOST_FIXTURE_TEST_CASE(a_mad_writer_is_noticed_and_a_sane_one_goes_on, Fixture) {
    for (const std::uint32_t size : {UINT32_MAX, std::uint32_t{LogRing::kLongestRecord + 1}}) {
        const std::size_t at = ring.written();
        for (int i = 0; i < 30; ++i)
            put(ring, part(512, 'x'));
        std::memcpy(parts.written.bytes + at, &size, sizeof size);
        BOOST_TEST(take(ring) == "nonsense");
        BOOST_TEST(take(ring) == "nonsense");
        ring.start_anew();
        BOOST_TEST(put(ring, "eggs"));
        BOOST_TEST(take(ring) == "eggs");
    }
}

BOOST_FIXTURE_TEST_CASE(a_position_between_two_records_is_nonsense, Fixture) {
    put(ring, "spam");
    put(ring, "spam and eggs");
    BOOST_TEST((ring.find(8)->kind == RecordKind::filler));
    BOOST_TEST(ring.find(8)->end == 8U);
}

BOOST_FIXTURE_TEST_CASE(a_record_past_the_end_of_the_ring_is_nonsense, Fixture) {
    parts.written.head = LogRing::kCapacity + 1024;
    reinterpret_cast<std::uint64_t*>(parts.written.bytes)[LogRing::kCapacity / 8 - 2] =
        std::uint64_t{1} << 32U | 500U;  // kind and size
    BOOST_TEST((ring.find(LogRing::kCapacity - 16)->kind == RecordKind::filler));
}

BOOST_FIXTURE_TEST_CASE(a_ring_left_with_any_head_serves_the_next_writer, Fixture) {
    for (const std::uint64_t head : {std::uint64_t{1}, std::uint64_t{15}, LogRing::kCapacity + 48, UINT64_MAX}) {
        new (memory) RingMemory;
        put(ring, "spam");
        ring.release(ring.find(0)->end);
        parts.written.head = head;
        BOOST_TEST(!ring.is_sound());
        ring.start_anew();
        BOOST_TEST(put(ring, "eggs"));
        BOOST_TEST(take(ring) == "eggs");
    }
}

// The child's exit is awaited; what it does is up to `work`.
template <typename Work>
pid_t fork_child(Work work) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    work();
    ::_exit(0);
}

BOOST_FIXTURE_TEST_CASE(a_writer_killed_in_mid_record_leaves_what_it_finished, Fixture) {
    for (int round = 0; round < 20; ++round) {
        const pid_t child = fork_child([&] {
            put(ring, "finished");
            std::memset(ring.reserve(1000)->data(), 'x', 500);
            ::kill(::getpid(), SIGKILL);
        });
        int status = 0;
        BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
        BOOST_TEST(WTERMSIG(status) == SIGKILL);
        BOOST_TEST(take(ring) == "finished");
        BOOST_TEST(take(ring) == "nothing");
    }
}

constexpr std::uint64_t kStress = 1'000'000;

void write_numbers(LogRing& ring) {
    for (std::uint64_t number = 0; number < kStress; ++number) {
        const std::size_t size = 8 + number % 200;
        auto room = ring.reserve(size);
        for (; !room; room = ring.reserve(size))
            ::sched_yield();
        std::memset(room->data(), static_cast<int>(number & 0x7fU), size);
        std::memcpy(room->data(), &number, sizeof number);
        ring.publish(RecordKind::access);
    }
}

void read_numbers(LogRing& ring) {
    std::uint64_t wanted = 0;
    std::uint64_t wrong = 0;
    while (wanted < kStress && wrong == 0) {
        const auto record = ring.find(ring.released());
        if (!record) {
            ::sched_yield();
            continue;
        }
        const std::string text = text_of(ring, *record);
        std::uint64_t number = 0;
        std::memcpy(&number, text.data(), sizeof number);
        const bool good = number == wanted && text.size() == 8 + number % 200 &&
                          (number % 200 == 0 || text.back() == static_cast<char>(number & 0x7fU));
        if (!good) ++wrong;
        ++wanted;
        ring.release(record->end);
    }
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(!ring.find(ring.released()));
}

BOOST_FIXTURE_TEST_CASE(a_million_records_between_two_processes, Fixture) {
    const pid_t child = fork_child([&] { write_numbers(ring); });
    read_numbers(ring);
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_FIXTURE_TEST_CASE(a_million_records_between_two_threads, Fixture) {
    std::thread writer([&] { write_numbers(ring); });
    read_numbers(ring);
    writer.join();
}

BOOST_FIXTURE_TEST_CASE(a_record_says_how_many_access_records_were_lost_before_it, Fixture) {
    const auto next_losses = [this] {
        put(ring, "a");
        const auto record = ring.find(ring.released());
        ring.release(record->end);
        return record->losses;
    };
    BOOST_TEST(next_losses() == 0U);
    ring.count_lost(RecordKind::error);
    BOOST_TEST(next_losses() == 0U);
    ring.count_lost(RecordKind::access);
    ring.count_lost(RecordKind::access);
    BOOST_TEST(next_losses() == 2U);
    BOOST_TEST(ring.lost() == 3U);
}

}  // namespace
