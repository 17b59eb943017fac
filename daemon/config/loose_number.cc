#include "daemon/config/loose_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "basehttp/text/ascii.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct Word {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::uint64_t kSecond = 1000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;

constexpr auto kSizeWords = std::to_array<Word>({
    {"", 1},
    {"b", 1},
    {"byte", 1},
    {"bytes", 1},
    {"k", 1ULL << 10},
    {"kb", 1ULL << 10},
    {"kib", 1ULL << 10},
    {"m", 1ULL << 20},
    {"mb", 1ULL << 20},
    {"mib", 1ULL << 20},
    {"g", 1ULL << 30},
    {"gb", 1ULL << 30},
    {"gib", 1ULL << 30},
    {"t", 1ULL << 40},
    {"tb", 1ULL << 40},
    {"tib", 1ULL << 40},
});

constexpr auto kTimeWords = std::to_array<Word>({
    {"ms", 1},           {"msec", 1},       {"msecs", 1},         {"millisecond", 1},    {"milliseconds", 1},
    {"s", kSecond},      {"sec", kSecond},  {"secs", kSecond},    {"second", kSecond},   {"seconds", kSecond},
    {"m", kMinute},      {"min", kMinute},  {"mins", kMinute},    {"minute", kMinute},   {"minutes", kMinute},
    {"h", kHour},        {"hr", kHour},     {"hrs", kHour},       {"hour", kHour},       {"hours", kHour},
    {"d", kDay},         {"day", kDay},     {"days", kDay},       {"w", 7 * kDay},       {"week", 7 * kDay},
    {"weeks", 7 * kDay}, {"y", 365 * kDay}, {"year", 365 * kDay}, {"years", 365 * kDay},
});

constexpr auto kCountWords = std::to_array<Word>({{"", 1}, {"k", 1000}, {"m", 1'000'000}});

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

// The longest beginning of `text` that `belongs` has, which is cut off.
template <typename Belongs>
std::string_view take(std::string_view& text, Belongs belongs) {
    const auto end = std::ranges::find_if_not(text, belongs);
    const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

// `12`, `1.5` or `1e6`. Fifteen digits are exact, and more are not a slip of the pen.
std::optional<double> take_number(std::string_view& text) {
    constexpr std::size_t kMostDigits = 15;
    const std::string whole(take(text, basehttp::is_digit));
    std::string number = whole;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        number += '.';
        number += take(text, basehttp::is_digit);
    }
    if (text.size() > 1 && text.front() == 'e' && basehttp::is_digit(text[1])) {
        text.remove_prefix(1);
        const std::string exponent(take(text, basehttp::is_digit));
        if (exponent.size() > 2) return std::nullopt;
        number += 'e' + exponent;
    }
    if (whole.empty() || number.size() > kMostDigits) return std::nullopt;
    return std::stod(number);
}

// The sum of numbers with words; nothing where that is no whole number.
std::optional<std::uint64_t> read_sum(std::string_view written, std::span<const Word> words) {
    const std::string lower = folded_name(written);
    const auto is_blank = [](char c) { return c == ' '; };
    double sum = 0;
    for (std::string_view text = lower; !text.empty(); take(text, is_blank)) {
        const auto number = take_number(text);
        if (!number) return std::nullopt;
        take(text, is_blank);
        const std::string_view name = take(text, is_letter);
        const auto word = std::ranges::find(words, name, &Word::name);
        if (word == words.end() || (name.empty() && !text.empty())) return std::nullopt;
        sum += *number * static_cast<double>(word->factor);
    }
    constexpr double kMost = 1e15;
    if (lower.empty() || sum > kMost || sum != std::floor(sum)) return std::nullopt;
    return static_cast<std::uint64_t>(sum);
}

}  // namespace

std::optional<std::uint64_t> read_loose_size(std::string_view text) {
    return read_sum(text, kSizeWords);
}

std::optional<std::chrono::milliseconds> read_loose_duration(std::string_view text) {
    const auto sum = read_sum(text, kTimeWords);
    if (!sum) return std::nullopt;
    return std::chrono::milliseconds(*sum);
}

std::optional<std::uint64_t> read_loose_count(std::string_view text) {
    return read_sum(text, kCountWords);
}

}  // namespace basehttpd
