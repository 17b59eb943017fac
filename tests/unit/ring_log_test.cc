#include "daemon/board/ring_log.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"
#include "daemon/config/config.h"
#include "daemon/process/shared_memory.h"
#include "unit/ring_memory.h"

namespace basehttpd {
namespace {

using basehttp::LogRing;
using std::chrono::milliseconds;

struct Fixture {
    RingLog log(milliseconds longest_wait) { return {ring, wake.get(), longest_wait}; }

    // Until one more finds no room.
    void fill() {
        const std::string text(8000, 'x');
        RingLog filling = log(milliseconds(0));
        while (ring.lost() == 0)
            filling.error(basehttp::Severity::error, text);
    }

    std::uint64_t wakes() const {
        std::uint64_t count = 0;
        return ::read(wake.get(), &count, sizeof count) == sizeof count ? count : 0;
    }

    SharedMemory memory = SharedMemory::create(sizeof(basehttp_test::RingMemory)).value();
    LogRing& ring = (new (memory.data()) basehttp_test::RingMemory)->ring;
    basehttp::UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

BOOST_AUTO_TEST_CASE(no_worker_waits_until_the_watchdog_kills_it) {
    const auto longest = [](int watchdog, int wait) {
        Config config;
        config.workers.watchdog = milliseconds(watchdog);
        config.log.ring_wait = milliseconds(wait);
        return longest_ring_wait(config).count();
    };
    BOOST_TEST(longest(10'000, 2'000) == 2'000);
    BOOST_TEST(longest(10'000, 60'000) == 5'000);
    BOOST_TEST(longest(1'000, 1'000) == 500);
    BOOST_TEST(longest(0, 60'000) == 60'000);
}

BOOST_FIXTURE_TEST_CASE(a_full_ring_loses_lines_and_counts_them, Fixture) {
    fill();
    RingLog never_waits = log(milliseconds(0));
    for (int i = 0; i < 10'000; ++i)
        never_waits.error(basehttp::Severity::error, std::string(8000, 'y'));
    BOOST_TEST(ring.lost() == 10'001U);
}

// The reader that is awake looks seldom; it is not woken for each record.
BOOST_FIXTURE_TEST_CASE(the_reader_is_woken_once_each_time_that_the_ring_becomes_half_full, Fixture) {
    RingLog writer = log(milliseconds(0));
    for (std::uint64_t half : {1, 2, 3}) {
        const auto write_up_to = [&](std::size_t left) {
            while (LogRing::kCapacity - (ring.written() - ring.released()) > left)
                writer.error(basehttp::Severity::error, std::string(8000, 'y'));
        };
        write_up_to(LogRing::kCapacity / 2 + 20'000);
        BOOST_TEST(wakes() == 0U);
        write_up_to(LogRing::kCapacity / 4);
        BOOST_TEST(wakes() == 1U, "in turn " << half);
        ring.release(ring.written());
    }
}

BOOST_FIXTURE_TEST_CASE(it_waits_as_long_as_it_may, Fixture) {
    fill();
    const std::uint64_t before = ring.written();
    std::promise<void> begun;
    std::jthread writer([&] {
        RingLog patient = log(milliseconds(60'000));
        begun.set_value();
        patient.error(basehttp::Severity::error, std::string(8000, 'y'));
    });
    begun.get_future().wait();
    // Longer than the default, which must not be what holds here.
    const auto until = std::chrono::steady_clock::now() + milliseconds(1100);
    std::this_thread::sleep_until(until);
    ring.release(before);
    writer.join();
    BOOST_TEST(ring.lost() == 1U);
    BOOST_TEST(ring.written() > before);
}

}  // namespace
}  // namespace basehttpd
