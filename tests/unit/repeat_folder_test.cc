#include "daemon/logs/repeat_folder.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using basehttp::ErrorRecord;
using basehttp::Severity;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'000'000 * kSecond;

ErrorRecord line(std::int64_t after, std::string_view text = "spam", Severity severity = Severity::error) {
    return {kNow + after, severity, text};
}

BOOST_AUTO_TEST_CASE(the_first_is_written_and_the_rest_are_counted) {
    RepeatFolder folder;
    BOOST_TEST(folder.is_new(line(0), 1));
    for (int i = 1; i < 10'000; ++i)
        BOOST_TEST(!folder.is_new(line(i * 1000), 2));
    BOOST_TEST(folder.pending());
    BOOST_TEST(!folder.take_due(kNow + kSecond / 2).has_value());
    const auto repeats = folder.take_due(kNow + 2 * kSecond);
    BOOST_TEST(repeats->count == 9'999U);
    BOOST_TEST(repeats->record.text == "spam");
    BOOST_TEST(repeats->slot == 2U);
    BOOST_TEST(!folder.pending());
    BOOST_TEST(!folder.take_due(kNow + 3 * kSecond).has_value());
}

BOOST_AUTO_TEST_CASE(the_request_makes_no_difference_but_the_site_does) {
    RepeatFolder folder;
    ErrorRecord record = line(0);
    record.site = "a.example";
    record.request_id = {1, 2, 3};
    BOOST_TEST(folder.is_new(record, 1));
    record.request_id = {1, 2, 4};
    BOOST_TEST(!folder.is_new(record, 1));
    record.site = "b.example";
    BOOST_TEST(folder.is_new(record, 1));
    record.site = "";
    BOOST_TEST(folder.is_new(record, 1));
    const auto repeats = folder.take_any();
    BOOST_TEST(repeats->record.site == "a.example");
    BOOST_TEST((repeats->record.request_id == basehttp::RequestId{1, 2, 4}));
}

BOOST_AUTO_TEST_CASE(what_comes_a_second_later_is_a_line_of_its_own) {
    RepeatFolder folder;
    BOOST_TEST(folder.is_new(line(0), 1));
    BOOST_TEST(folder.is_new(line(kSecond), 1));
    BOOST_TEST(!folder.pending());
}

BOOST_AUTO_TEST_CASE(another_text_or_severity_is_no_repeat) {
    RepeatFolder folder;
    BOOST_TEST(folder.is_new(line(0), 1));
    BOOST_TEST(folder.is_new(line(1, "eggs"), 1));
    BOOST_TEST(folder.is_new(line(2, "spam", Severity::info), 1));
    BOOST_TEST(!folder.is_new(line(3), 1));
    BOOST_TEST(!folder.is_new(line(4, "eggs"), 1));
}

BOOST_AUTO_TEST_CASE(one_that_does_not_stop_is_told_now_and_then) {
    RepeatFolder folder;
    std::uint64_t told = 0;
    BOOST_TEST(folder.is_new(line(0), 1));
    for (int i = 1; i <= 650; ++i) {
        BOOST_TEST(!folder.is_new(line(i * kSecond / 10), 1));
        if (const auto repeats = folder.take_due(kNow + i * kSecond / 10)) told += repeats->count;
    }
    BOOST_TEST(told == 600U);
}

BOOST_AUTO_TEST_CASE(many_different_lines_are_all_written) {
    RepeatFolder folder;
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(folder.is_new(line(i, std::to_string(i)), 1));
    BOOST_TEST(!folder.pending());
}

BOOST_AUTO_TEST_CASE(counted_repeats_are_not_pushed_out) {
    RepeatFolder folder;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 8; ++i)
            folder.is_new(line(round, std::to_string(i)), 1);
    }
    BOOST_TEST(folder.is_new(line(3, "one more"), 1));
    int told = 0;
    while (folder.take_any())
        ++told;
    BOOST_TEST(told == 8);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_keeps_nothing_for_ever) {
    RepeatFolder folder;
    folder.is_new(line(100 * kSecond), 1);
    folder.is_new(line(100 * kSecond), 1);
    BOOST_TEST(folder.take_due(kNow).has_value());
}

}  // namespace
}  // namespace basehttpd
