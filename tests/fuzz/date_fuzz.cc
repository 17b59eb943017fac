// Any bytes as a date: what is read is written in the one form and read back as the same second.
#include <cstring>
#include <string>

#include "basehttp/protocol/date.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

constexpr std::time_t kFirst = -62'135'596'800;  // 1 January of year 1
constexpr std::time_t kLast = 253'402'300'799;   // the last second of 9999

std::time_t take_time(std::string_view& input) {
    std::int64_t time = 0;
    if (input.size() < sizeof time) return 1'700'000'000;
    std::memcpy(&time, input.data(), sizeof time);
    input.remove_prefix(sizeof time);
    return time;
}

// A server's clock shows a year that HTTP can write.
std::time_t clock_from(std::time_t any) {
    constexpr std::time_t kSpan = kLast - kFirst + 1;
    return kFirst + (any % kSpan + kSpan) % kSpan;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const std::time_t any = take_time(input);
    std::string text;
    append_http_date(text, any);
    REQUIRE_THAT(text.size() == 29);
    const auto read = parse_http_date(text, any);
    REQUIRE_THAT(read && (*read == any || any < kFirst || any > kLast));

    const std::time_t now = clock_from(any);
    const fuzz::ExactCopy copy(input);
    if (const auto time = parse_http_date(copy.text(), now); time && *time >= kFirst && *time <= kLast) {
        std::string again;
        append_http_date(again, *time);
        REQUIRE_THAT(parse_http_date(again, now) == time);
        constexpr std::time_t kYear = 31'557'600;
        const bool two_digits = input.find('-') != input.npos;
        REQUIRE_THAT(!two_digits || (*time<now + 51 * kYear&& * time> now - 52 * kYear));
    }
    return 0;
}
