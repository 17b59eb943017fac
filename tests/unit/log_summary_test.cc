// Summary and what it counts with.
#include <ctime>
#include <memory>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "daemon/ctl/logs/shows/summary_json.h"
#include "daemon/ctl/logs/shows/summary_text.h"
#include "tests/unit/time_zone.h"

using namespace basehttpd;
using basehttpd_test::TimeZone;

namespace {

std::string top_of(const HeavyHitters& hits, std::size_t count) {
    std::string result;
    for (const HeavyHitters::Hit& hit : hits.top(count))
        result += std::string(hit.text) + ' ' + std::to_string(hit.count) + ' ' + std::to_string(hit.bytes) + '\n';
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(counts_are_exact_while_they_fit) {
    HeavyHitters hits;
    for (int i = 0; i < 10'000; ++i)
        hits.add("text " + std::to_string(i % 1000), 1);
    hits.add("text 7", 5);
    hits.add("", 0);
    BOOST_TEST(hits.error() == 0U);
    BOOST_TEST(hits.distinct() == 1001U);
    BOOST_TEST(top_of(hits, 2) == "text 7 11 15\ntext 0 10 10\n");
    BOOST_TEST(hits.top(5000).size() == 1001U);
}

BOOST_AUTO_TEST_CASE(a_hash_that_nobody_can_foretell) {
    const KeyedHash hash;
    const std::string text(300, '\xf5');
    BOOST_TEST(hash(text) == hash(std::string(text)));
    BOOST_TEST(hash(text) != KeyedHash()(text));
    BOOST_TEST(hash("") != hash(std::string_view("\0", 1)));
    std::set<std::uint64_t> hashes;
    for (std::size_t at = 0; at < text.size(); ++at) {  // each byte counts
        std::string other = text;
        other[at] = 'x';
        hashes.insert(hash(other));
        hashes.insert(hash(std::string_view(text).substr(at)));
    }
    BOOST_TEST(hashes.size() == 2 * text.size());
}

BOOST_AUTO_TEST_CASE(the_frequent_survive_a_flood_of_the_rare) {
    HeavyHitters hits({.entries = 1000, .bytes = 20'000});
    for (int i = 0; i < 200'000; ++i) {
        hits.add("rare " + std::to_string(i), 1);
        if (i % 10 == 0) hits.add("often", 1);
        if (i % 20 == 0) hits.add("second", 1);
    }
    BOOST_TEST(hits.error() > 0U);
    BOOST_TEST(hits.distinct() <= 1000U);
    const auto top = hits.top(2);
    BOOST_TEST_REQUIRE(top.size() == 2U);
    BOOST_TEST(top[0].text == "often");
    BOOST_TEST(top[0].count <= 20'000U);
    BOOST_TEST(top[0].count + hits.error() >= 20'000U);
    BOOST_TEST(top[1].text == "second");
}

BOOST_AUTO_TEST_CASE(a_text_without_end_counts_by_its_beginning) {
    HeavyHitters hits;
    hits.add(std::string(5000, 'a') + "1", 0);
    hits.add(std::string(5000, 'a') + "2", 0);
    BOOST_TEST(hits.distinct() == 1U);
}

BOOST_AUTO_TEST_CASE(percentiles_are_right_to_within_two_percent) {
    auto histogram = std::make_unique<ValueHistogram>();
    BOOST_TEST(histogram->percentile(0.5) == 0);
    for (int i = 1; i <= 100'000; ++i)
        histogram->add(i);
    for (const double fraction : {0.01, 0.5, 0.9, 0.99, 0.999}) {
        BOOST_TEST(static_cast<double>(histogram->percentile(fraction)) == fraction * 100'000,
                   boost::test_tools::tolerance(0.02));
    }
    BOOST_TEST(histogram->percentile(1) == 100'000);
    histogram->add(INT64_MAX);
    histogram->add(-5);
    BOOST_TEST(histogram->percentile(1) == INT64_MAX);
    BOOST_TEST(histogram->percentile(0) == 0);
}

BOOST_AUTO_TEST_CASE(rows_cover_the_period) {
    const TimeZone zone("UTC");
    struct Row {
        const char* name;
        std::int64_t from;
        std::int64_t to;
        std::int64_t step;
        std::int64_t width;
        std::size_t rows;
    };
    for (const auto& [name, from, to, step, width, rows] : {
             Row{"a second", 1'795'600'800, 1'795'600'800, 1, 1, 1},
             Row{"twenty seconds", 1'795'600'800, 1'795'600'819, 1, 1, 20},
             Row{"a minute", 1'795'600'800, 1'795'600'859, 1, 10, 6},
             Row{"an hour", 1'795'600'800, 1'795'604'399, 7, 300, 12},
             Row{"a day", 1'795'564'800, 1'795'651'199, 60, 3600, 24},
             Row{"three weeks", 1'793'836'800, 1'795'651'199, 600, 86'400, 21},
             Row{"since 1970", 0, 1'795'600'800, 86'400, 314'496'000, 6},
         }) {
        BOOST_TEST_CONTEXT(name) {
            TimeHistogram times;
            std::uint64_t added = 0;
            for (std::int64_t at = from; at <= to; at += step) {
                times.add(at, at == from);
                ++added;
            }
            const auto found = times.rows(24);
            BOOST_TEST_REQUIRE(!found.empty());
            BOOST_TEST(found.size() <= 25U);
            BOOST_TEST(found[0].end - found[0].start == width);
            if (width < 86'400) BOOST_TEST(found.size() == rows);
            std::uint64_t requests = 0;
            std::uint64_t errors = 0;
            for (const auto& row : found) {
                requests += row.requests;
                errors += row.errors;
            }
            BOOST_TEST(requests == added);
            BOOST_TEST(errors == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(days_with_a_change_of_clocks_begin_at_midnight) {
    const TimeZone zone("Europe/Berlin");
    TimeHistogram times;
    for (std::int64_t at = 1'792'533'600; at < 1'793'314'800; at += 600)  // 2026-10-21 to 2026-10-29
        times.add(at, false);
    const auto rows = times.rows(10);
    BOOST_TEST_REQUIRE(rows.size() >= 9U);
    for (const auto& row : rows) {
        const std::time_t start = row.start;
        std::tm local{};
        ::localtime_r(&start, &local);
        BOOST_TEST(local.tm_hour == 0);
    }
}

BOOST_AUTO_TEST_CASE(times_that_cannot_be_do_no_harm) {
    TimeHistogram times;
    for (const std::int64_t second : {INT64_MAX / 1'000'000, INT64_MIN / 1'000'000, std::int64_t{0}})
        times.add(second, false);
    BOOST_TEST(times.rows(24).size() <= 25U);
    TimeHistogram scattered;
    for (std::int64_t i = 0; i < 300'000; ++i)
        scattered.add(i * 7'777'777 % 4'000'000'000, false);
    BOOST_TEST(!scattered.rows(24).empty());
}

BOOST_AUTO_TEST_CASE(a_summary_as_text_and_as_json) {
    const TimeZone zone("UTC");
    const auto summary = std::make_unique<Summary>();
    LogRecord record;
    for (int i = 0; i < 1500; ++i) {
        record.time_us = 1'795'600'800'000'000 + std::int64_t{i} * 1'000'000;
        record.status = i % 10 == 0 ? 503 : 200;
        record.bytes = 1000;
        record.duration_us = 1000 + i;
        record.client = "192.0.2.7";
        record.target = i % 3 == 0 ? "/a?x" : "/b\x1b[2J";
        summary->add(record);
    }
    Terminal terminal;
    const std::string text = summary_text(*summary, terminal, 10);
    for (const char* part : {"1 500 requests, 1.4 MiB sent\n", "2026-11-25 10:00:00 UTC to 2026-11-25 10:24:59 UTC",
                             "  503: 150\n", "Time taken\n", "Paths (2 distinct)\n", "/b\\x1b[2J\n",
                             "  500  33.3% 488.3 KiB  /a\n", "Wed Nov 25 10:00"}) {
        BOOST_TEST_CONTEXT(part) {
            BOOST_TEST(text.contains(part));
        }
    }
    BOOST_TEST(!text.contains('\x1b'));
    for (const std::size_t width : {20U, 30U, 59U, 60U, 80U, 200U}) {
        std::istringstream lines(summary_text(*summary, Terminal{.width = width}, 10));
        std::string line;
        for (int number = 1; std::getline(lines, line); ++number) {
            if (number > 2) BOOST_TEST(line.size() <= width, width << ": " << line);  // two are prose
        }
    }
    const std::string json = summary_json(*summary, 1);
    BOOST_TEST(json.starts_with(
        R"({"requests":1500,"bytes":1500000,"cut_short":0,"first":"2026-11-25T10:00:00.000000+00:00")"));
    BOOST_TEST(json.contains(R"("statuses":{"200":1350,"503":150})"));
    BOOST_TEST(json.contains(
        R"("paths":{"distinct":2,"error":0,"top":[{"name":"/b\u001b[2J","requests":1000,"bytes":1000000}]})"));
    BOOST_TEST(summary_text(*std::make_unique<Summary>(), terminal, 10) == "0 requests, 0 B sent\n");
}
