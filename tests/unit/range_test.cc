#include "basehttp/protocol/range.h"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

using Kind = RangeSet::Kind;

// Ranges as `first+length`, with spaces between them; or why there are none.
std::string outcome(std::string_view field, std::uint64_t size) {
    const RangeSet set = RangeSet::parse(field, size);
    if (set.kind() == Kind::ignored) return "ignored";
    if (set.kind() == Kind::not_satisfiable) return "416";
    std::string text;
    for (const ByteRange& range : set.ranges()) {
        if (!text.empty()) text += ' ';
        text += std::to_string(range.first) + '+' + std::to_string(range.length);
    }
    return text;
}

struct RangeRow {
    std::string field;
    std::uint64_t size;
    std::string outcome;
};

std::string many_ranges(std::size_t count) {
    std::string field = "bytes=";
    for (std::size_t i = 0; i < count; ++i)
        field += std::to_string(1000 * i) + '-' + std::to_string(1000 * i) + ',';
    return field;
}

const std::vector<RangeRow> kRanges{
    {"bytes=0-499", 10'000, "0+500"},
    {"bytes=500-999", 10'000, "500+500"},
    {"bytes=9500-", 10'000, "9500+500"},
    {"bytes=-500", 10'000, "9500+500"},
    {"bytes=-20000", 10'000, "0+10000"},
    {"bytes=0-0", 10'000, "0+1"},
    {"bytes=-1", 10'000, "9999+1"},
    {"bytes=0-0,-1", 10'000, "0+1 9999+1"},
    {"bytes=9000-99999", 10'000, "9000+1000"},
    {"bytes=0-99999999999999999999999", 10'000, "0+10000"},
    {"bytes=-99999999999999999999999", 10'000, "0+10000"},
    {"Bytes=0-1", 10'000, "0+2"},
    {"bytes= 0-1 ,, 500-501", 10'000, "0+2 500+2"},
    // Order is kept; what overlaps or nearly touches becomes one.
    {"bytes=5000-5001,0-1", 10'000, "5000+2 0+2"},
    {"bytes=0-10,5-20", 10'000, "0+21"},
    {"bytes=0-10,11-20", 10'000, "0+21"},
    {"bytes=0-10,91-100", 10'000, "0+101"},
    {"bytes=0-10,92-100", 10'000, "0+11 92+9"},
    {"bytes=0-9,91-100", 10'000, "0+10 91+10"},
    {"bytes=0-0,1000-1000,2000-2000,0-2000", 10'000, "0+2001"},
    {"bytes=5000-5001,0-1,1-4990", 10'000, "0+5002"},
    {"bytes=0-0,10000-,20000-20001", 10'000, "0+1"},
    {many_ranges(16), 100'000,
     "0+1 1000+1 2000+1 3000+1 4000+1 5000+1 6000+1 7000+1 8000+1 9000+1 10000+1 11000+1 12000+1 13000+1 14000+1 "
     "15000+1"},
    // Beyond the end.
    {"bytes=10000-", 10'000, "416"},
    {"bytes=10000-10001,20000-", 10'000, "416"},
    {"bytes=-0", 10'000, "416"},
    {"bytes=99999999999999999999999-", 10'000, "416"},
    {"bytes=0-", 0, "416"},
    {"bytes=0-0", 0, "416"},
    // An empty file: all of it was asked for, and no 206 can say that.
    {"bytes=-1", 0, "ignored"},
    // Not understood, malformed or excessive.
    {"", 10'000, "ignored"},
    {"bytes", 10'000, "ignored"},
    {"bytes=", 10'000, "ignored"},
    {"bytes=,", 10'000, "ignored"},
    {"bytes=-", 10'000, "ignored"},
    {"bytes=5", 10'000, "ignored"},
    {"bytes=5-4", 10'000, "ignored"},
    {"bytes=0-4,9-8", 10'000, "ignored"},
    {"bytes=a-b", 10'000, "ignored"},
    {"bytes=0x1-2", 10'000, "ignored"},
    {"bytes=+1-2", 10'000, "ignored"},
    {"bytes=1-2-3", 10'000, "ignored"},
    {"bytes=--5", 10'000, "ignored"},
    {"bytes=1 -2", 10'000, "ignored"},
    {"bytes =0-1", 10'000, "ignored"},
    {"lines=0-1", 10'000, "ignored"},
    {many_ranges(17), 100'000, "ignored"},
};

BOOST_AUTO_TEST_CASE(ranges) {
    for (const RangeRow& row : kRanges) {
        BOOST_TEST_CONTEXT(row.field << " of " << row.size) {
            BOOST_TEST(outcome(row.field, row.size) == row.outcome);
        }
    }
}

// Whatever comes in, what comes out lies within the representation and does not overlap.
BOOST_AUTO_TEST_CASE(ranges_never_leave_the_representation) {
    std::uint64_t state = 1;
    const auto next = [&state](std::uint64_t below) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state >> 33) % below;
    };
    for (int round = 0; round < 20'000; ++round) {
        const std::uint64_t size = next(2000);
        std::string field = "bytes=";
        for (std::uint64_t i = next(6); i < 6; ++i) {
            if (next(4) != 0) field += std::to_string(next(2200));
            field += '-';
            if (next(4) != 0) field += std::to_string(next(2200));
            field += ',';
        }
        const RangeSet set = RangeSet::parse(field, size);
        std::vector<ByteRange> sorted(set.ranges().begin(), set.ranges().end());
        std::ranges::sort(sorted, {}, &ByteRange::first);
        std::uint64_t end = 0;
        bool sound = (set.kind() == Kind::satisfiable) == !sorted.empty();
        for (const ByteRange& range : sorted) {
            sound = sound && range.length > 0 && range.first >= end;
            end = range.first + range.length;
        }
        BOOST_TEST_CONTEXT(field << " of " << size) {
            BOOST_REQUIRE((sound && end <= size));
        }
    }
}

BOOST_AUTO_TEST_CASE(content_range) {
    std::string text;
    append_content_range(text, {0, 500}, 1234);
    BOOST_TEST(text == "bytes 0-499/1234");
    text.clear();
    append_unsatisfied_range(text, 1234);
    BOOST_TEST(text == "bytes */1234");
}

}  // namespace
}  // namespace basehttp
