#include "daemon/worker/worker_log.h"

#include <sys/eventfd.h>

#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"
#include "daemon/process/shared_memory.h"
#include "unit/ring_memory.h"

namespace basehttpd {
namespace {

using basehttp::AccessRecord;
using basehttp::LogRing;
using std::chrono::milliseconds;

struct Waiter final : basehttp::LogRoom::Waiter {
    void on_room() override { ++calls; }
    int calls = 0;
};

struct Fixture {
    Fixture() {
        config.log.access.emplace_back();
        config.log.ring_wait = milliseconds(60'000);
    }

    WorkerLog log() { return {ring, wake.get(), config, loop}; }

    // Until one more finds no room.
    void fill() {
        const std::string text(8000, 'x');
        RingLog filling(ring, wake.get(), milliseconds(0));
        for (const std::uint64_t lost = ring.lost(); ring.lost() == lost;)
            filling.error(basehttp::Severity::error, text);
    }

    void run_until_called(const Waiter& waiter) {
        while (waiter.calls == 0)
            loop.run_once();
    }

    static AccessRecord of_site(std::string_view site) {
        AccessRecord record;
        record.site = site;
        return record;
    }

    basehttp::EventLoop loop;
    Config config;
    SharedMemory memory = SharedMemory::create(sizeof(basehttp_test::RingMemory)).value();
    LogRing& ring = (new (memory.data()) basehttp_test::RingMemory)->ring;
    basehttp::UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

BOOST_FIXTURE_TEST_CASE(what_no_log_wants_is_not_written, Fixture) {
    config.log.access.clear();
    SiteConfig site;
    site.hosts = {"logged.example", "other.example"};
    site.log.access.emplace().emplace_back();
    config.sites.push_back(site);
    WorkerLog log = this->log();
    log.access(of_site(""));
    log.access(of_site("*"));
    log.access(of_site("other.example"));
    BOOST_TEST(ring.written() == 0U);
    log.access(of_site("logged.example"));
    BOOST_TEST(ring.written() > 0U);
}

BOOST_FIXTURE_TEST_CASE(a_site_can_have_no_log_where_others_have_one, Fixture) {
    SiteConfig site;
    site.log.access.emplace();
    config.sites.push_back(site);
    WorkerLog log = this->log();
    log.access(of_site("*"));
    BOOST_TEST(ring.written() == 0U);
    log.access(of_site("logged.example"));
    BOOST_TEST(ring.written() > 0U);
}

BOOST_FIXTURE_TEST_CASE(who_waits_is_called_once_there_is_room, Fixture) {
    WorkerLog log = this->log();
    BOOST_TEST(log.has_room());
    fill();
    BOOST_TEST(!log.has_room());
    Waiter waiter;
    log.call_when_room(waiter);
    loop.run_once();
    loop.run_once();
    BOOST_TEST(waiter.calls == 0);
    ring.release(ring.written());
    run_until_called(waiter);
    BOOST_TEST(log.has_room());
    const std::uint64_t before = ring.written();
    log.access({});
    BOOST_TEST(ring.written() > before);
    BOOST_TEST(waiter.calls == 1);
}

BOOST_FIXTURE_TEST_CASE(who_has_left_is_not_called, Fixture) {
    WorkerLog log = this->log();
    fill();
    Waiter waiter;
    {
        Waiter gone;
        log.call_when_room(gone);
        log.call_when_room(waiter);
        log.forget(gone);
    }
    ring.release(ring.written());
    run_until_called(waiter);
    BOOST_TEST(waiter.calls == 1);
}

// Records are lost without another wait until there is room again.
BOOST_FIXTURE_TEST_CASE(a_wait_that_is_in_vain_is_the_last, Fixture) {
    config.log.ring_wait = milliseconds(1);
    WorkerLog log = this->log();
    fill();
    Waiter waiter;
    log.call_when_room(waiter);
    run_until_called(waiter);
    BOOST_TEST(log.has_room());
    const std::string longer(8000, 'y');
    AccessRecord record;
    record.request_line = record.referer = longer;
    log.access(record);
    BOOST_TEST(ring.lost() == 2U);
    BOOST_TEST(log.has_room());
    ring.release(ring.written());
    log.access(record);
    BOOST_TEST(ring.lost() == 2U);
    fill();
    BOOST_TEST(!log.has_room());
}

BOOST_FIXTURE_TEST_CASE(nobody_waits_where_nobody_may, Fixture) {
    config.log.ring_wait = milliseconds(0);
    WorkerLog log = this->log();
    fill();
    BOOST_TEST(log.has_room());
}

}  // namespace
}  // namespace basehttpd
