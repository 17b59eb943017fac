#include "basehttp/text/human_number.h"

#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace basehttp;

BOOST_AUTO_TEST_CASE(sizes_for_people) {
    const std::vector<std::pair<std::uint64_t, std::string_view>> sizes{
        {0, "0 B"},
        {1023, "1023 B"},
        {1024, "1.0 KiB"},
        {1536, "1.5 KiB"},
        {1'023'948, "999.9 KiB"},
        {1'023'949, "1.0 MiB"},
        {1'048'575, "1.0 MiB"},
        {1 << 20, "1.0 MiB"},
        {5ULL << 30, "5.0 GiB"},
        {~std::uint64_t{0}, "16.0 EiB"},
    };
    for (const auto& [bytes, text] : sizes)
        BOOST_TEST(human_size(bytes) == text);
}

BOOST_AUTO_TEST_CASE(digits_in_groups) {
    const std::vector<std::pair<std::uint64_t, std::string_view>> numbers{
        {0, "0"},
        {999, "999"},
        {1000, "1 000"},
        {999'999, "999 999"},
        {1'000'000, "1 000 000"},
        {~std::uint64_t{0}, "18 446 744 073 709 551 615"},
    };
    for (const auto& [number, text] : numbers)
        BOOST_TEST(in_groups(number) == text);
}
