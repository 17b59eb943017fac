#include <boost/test/unit_test.hpp>

#include "daemon/ctl/logs/lines/record_filter.h"

using namespace basehttpd;

namespace {

constexpr std::int64_t kNow = 1'795'600'800'000'000;

LogRecord example() {
    LogRecord record;
    record.time_us = kNow - 60'000'000;
    record.status = 404;
    record.duration_us = 700'000;
    record.client = "192.0.2.7";
    record.method = "GET";
    record.target = "/api/v1/caf%C3%A9?x=/other";
    record.host = "Example.org:8080";
    record.site = "*.example.org";
    record.user_agent = "Mozilla/5.0 (X11)";
    record.request_id = "65f1-1";
    return record;
}

bool matches(const FilterOptions& options, const LogRecord& record = example()) {
    auto filter = RecordFilter::make(options, kNow);
    BOOST_TEST_REQUIRE(filter.has_value());
    return filter->matches(record);
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_condition) {
    struct Row {
        const char* name;
        FilterOptions options;
        bool matches;
    };
    for (const auto& [name, options, expected] : {
             Row{"none", {}, true},
             Row{"status", {.statuses = {"404"}}, true},
             Row{"another status", {.statuses = {"200"}}, false},
             Row{"class", {.statuses = {"4xx"}}, true},
             Row{"list", {.statuses = {"5XX,404"}}, true},
             Row{"given twice", {.statuses = {"5xx", "400-404"}}, true},
             Row{"without a response", {.statuses = {"none"}}, false},
             Row{"path", {.paths = {"/api/*"}}, true},
             Row{"path, decoded", {.paths = {"/api/v1/caf\xc3\xa9"}}, true},
             Row{"path, not the query", {.paths = {"*other"}}, false},
             Row{"path, whole", {.paths = {"/api"}}, false},
             Row{"path, one of two", {.paths = {"/x", "/api/v?/*"}}, true},
             Row{"path, left out", {.paths = {"!/api/*"}}, false},
             Row{"path, another left out", {.paths = {"!/x/*"}}, true},
             Row{"path, in and out", {.paths = {"/api/*", "!*v1*"}}, false},
             Row{"method", {.methods = {"POST,GET"}}, true},
             Row{"another method", {.methods = {"get"}}, false},
             Row{"client", {.clients = {"192.0.2.7"}}, true},
             Row{"network", {.clients = {"10.0.0.0/8,192.0.2.0/24"}}, true},
             Row{"other network", {.clients = {"192.0.2.8/29"}}, false},
             Row{"every IPv4 address", {.clients = {"0.0.0.0/0"}}, true},
             Row{"every global IPv6 address", {.clients = {"2000::/3"}}, false},
             Row{"every IPv6 address", {.clients = {"::/0"}}, false},
             Row{"every mapped address", {.clients = {"::ffff:0:0/96"}}, true},
             Row{"mapped", {.clients = {"::ffff:192.0.2.0/120"}}, true},
             Row{"host", {.hosts = {"example.org"}}, true},
             Row{"host, glob", {.hosts = {"*.org"}}, true},
             Row{"other host", {.hosts = {"www.example.org"}}, false},
             Row{"site", {.sites = {"\\*.example.org", "*.EXAMPLE.org"}}, true},
             Row{"agent", {.agents = {"mozilla"}}, true},
             Row{"other agent", {.agents = {"curl"}}, false},
             Row{"request id", {.request_ids = {"65f1-1"}}, true},
             Row{"other request id", {.request_ids = {"65f1"}}, false},
             Row{"since", {.since = "10 min ago"}, true},
             Row{"since later", {.since = "30s ago"}, false},
             Row{"until", {.until = "60s ago"}, false},
             Row{"until later", {.until = "59s ago"}, true},
             Row{"slower", {.slower = "500ms"}, true},
             Row{"not slower", {.slower = "700ms"}, false},
             Row{"all must hold", {.statuses = {"404"}, .methods = {"POST"}}, false},
             Row{"inverted", {.statuses = {"404"}, .invert = true}, false},
             Row{"inverted, others", {.statuses = {"200"}, .invert = true}, true},
             Row{"inverted keeps the time", {.statuses = {"200"}, .since = "now", .invert = true}, false},
         }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(matches(options) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(records_that_do_not_say) {
    const LogRecord nothing;
    BOOST_TEST(matches({}, nothing));
    BOOST_TEST(!matches({.statuses = {"none"}}, nothing));
    BOOST_TEST(!matches({.clients = {"0.0.0.0/0"}}, nothing));
    LogRecord record = example();
    record.client = "::ffff:192.0.2.7";
    BOOST_TEST(matches({.clients = {"192.0.2.0/24"}}, record));
    BOOST_TEST(!matches({.clients = {"::/0"}}, record));
    record.client = "2001:db8::1";
    BOOST_TEST(matches({.clients = {"::/0"}}, record));
    BOOST_TEST(!matches({.clients = {"0.0.0.0/0"}}, record));
    BOOST_TEST(!matches({.since = "1 week ago"}, nothing));
    BOOST_TEST(!matches({.slower = "1ms"}, nothing));
    LogRecord unanswered;
    unanswered.status = 0;
    BOOST_TEST(matches({.statuses = {"none"}}, unanswered));
}

BOOST_AUTO_TEST_CASE(what_no_record_tells) {
    const FilterOptions options{
        .clients = {"192.0.2.7"}, .hosts = {"x"}, .sites = {"x"}, .request_ids = {"x"}, .slower = "1s"};
    auto filter = RecordFilter::make(options, kNow);
    BOOST_TEST_REQUIRE(filter.has_value());
    BOOST_TEST(filter->blind_spots().empty());
    LogRecord named;
    named.client = "host.example";
    filter->matches(named);
    BOOST_TEST(filter->blind_spots().size() == 5U);
    filter->matches(example());
    BOOST_TEST(filter->blind_spots().empty());
    auto open = RecordFilter::make({.statuses = {"404"}}, kNow);
    BOOST_TEST_REQUIRE(open.has_value());
    open->matches(LogRecord());
    BOOST_TEST(open->blind_spots().empty());
}

BOOST_AUTO_TEST_CASE(options_that_are_wrong) {
    for (const FilterOptions& options : {
             FilterOptions{.statuses = {"60"}},
             FilterOptions{.statuses = {""}},
             FilterOptions{.statuses = {"404,,"}},
             FilterOptions{.statuses = {"404-400"}},
             FilterOptions{.statuses = {"xx"}},
             FilterOptions{.statuses = {"0xx"}},
             FilterOptions{.clients = {"1.2.3"}},
             FilterOptions{.clients = {"1.2.3.4/33"}},
             FilterOptions{.clients = {"::/129"}},
             FilterOptions{.clients = {"1.2.3.4/"}},
             FilterOptions{.clients = {"host"}},
             FilterOptions{.since = "soon"},
             FilterOptions{.until = "x"},
             FilterOptions{.slower = "fast"},
         }) {
        BOOST_TEST(!RecordFilter::make(options, kNow).has_value());
    }
}
