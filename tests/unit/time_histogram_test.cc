#include "basehttp/server/time_histogram.h"

#include <memory>

#include <boost/test/unit_test.hpp>

#include "daemon/board/bulletin.h"

namespace {

using basehttp::TimeRanges;

BOOST_AUTO_TEST_CASE(each_time_lies_in_its_range) {
    for (std::int64_t time = 1; time < 200'000'000'000; time += time / 7 + 1) {
        const std::size_t range = TimeRanges::of(time);
        const double seconds = static_cast<double>(time) / 1e9;
        if (range + 1 == TimeRanges::kCount) continue;
        BOOST_TEST(seconds < TimeRanges::end_of(range), time);
        if (range > 0) BOOST_TEST(seconds >= TimeRanges::end_of(range - 1), time);
        if (range >= TimeRanges::Ranges::kInOctave) BOOST_TEST(TimeRanges::end_of(range) < seconds * 1.126, time);
    }
}

BOOST_AUTO_TEST_CASE(what_is_out_of_range_is_in_the_last_or_first) {
    BOOST_TEST(TimeRanges::of(-1) == 0U);
    BOOST_TEST(TimeRanges::of(std::int64_t{1} << 62U) == TimeRanges::kCount - 1);
}

BOOST_AUTO_TEST_CASE(percentiles) {
    TimeRanges::Counts counts{};
    BOOST_TEST(TimeRanges::percentile(counts, 0.5) == 0.0);
    counts[TimeRanges::of(1'000'000)] = 989;
    counts[TimeRanges::of(100'000'000)] = 10;
    counts[TimeRanges::of(3'000'000'000)] = 1;
    BOOST_TEST(TimeRanges::percentile(counts, 0.5) == 0.001, boost::test_tools::tolerance(0.13));
    BOOST_TEST(TimeRanges::percentile(counts, 0.99) == 0.1, boost::test_tools::tolerance(0.13));
    BOOST_TEST(TimeRanges::percentile(counts, 0.9999) == 3.0, boost::test_tools::tolerance(0.13));
}

BOOST_AUTO_TEST_CASE(a_bulletin_is_read_as_it_was_written) {
    const auto bulletin = std::make_unique<basehttpd::Bulletin>();
    BOOST_TEST(bulletin->read() == nullptr);
    auto facts = std::make_unique<basehttpd::StatusFacts>();
    facts->totals.requests = 12;
    basehttpd::SinkFacts sink;
    sink.name = std::string_view("a log");
    facts->sinks.add(sink);
    bulletin->write(*facts);
    facts->totals.requests = 13;
    bulletin->write(*facts);
    const auto read = bulletin->read();
    BOOST_REQUIRE(read != nullptr);
    BOOST_TEST(read->totals.requests == 13U);
    BOOST_TEST(read->sinks.begin()->name.view() == "a log");
}

}  // namespace
