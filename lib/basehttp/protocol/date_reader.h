// DateReader: cuts the pieces of a date off the front of a text. After a mismatch it is not good any more, and what
// it returns means nothing.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "basehttp/text/ascii.h"

namespace basehttp {

/// The months as HTTP and logs name them.
inline constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

class DateReader {
  public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    bool good() const { return good_; }
    bool done() const { return good_ && rest_.empty(); }

    /// Cuts `c` off where the text goes on with it.
    bool take(char c) {
        const bool there = good_ && rest_.starts_with(c);
        if (there) rest_.remove_prefix(1);
        return there;
    }

    void literal(std::string_view text) {
        if (!rest_.starts_with(text)) good_ = false;
        if (good_) rest_.remove_prefix(text.size());
    }

    int digits(std::size_t count) {
        int number = 0;
        if (rest_.size() < count) good_ = false;
        for (std::size_t i = 0; good_ && i < count; ++i) {
            if (!is_digit(rest_[i])) good_ = false;
            number = number * 10 + (rest_[i] - '0');
        }
        if (!good_) return 0;
        rest_.remove_prefix(count);
        return number;
    }

    /// The place of the word in `words`, from 1.
    template <std::size_t N>
    unsigned word(const std::array<std::string_view, N>& words) {
        const auto found = std::ranges::find_if(words, [this](auto word) { return rest_.starts_with(word); });
        if (found == words.end()) good_ = false;
        if (!good_) return 0;
        rest_.remove_prefix(found->size());
        return static_cast<unsigned>(found - words.begin()) + 1;
    }

    std::chrono::year year() { return std::chrono::year(digits(4)); }
    std::chrono::month month() { return std::chrono::month(static_cast<unsigned>(digits(2))); }
    std::chrono::month named_month() { return std::chrono::month(word(kMonths)); }
    std::chrono::day day() { return std::chrono::day(static_cast<unsigned>(digits(2))); }

    /// `08:49`.
    std::chrono::seconds hours_and_minutes() {
        const int hours = digits(2);
        literal(":");
        const int minutes = digits(2);
        if (hours > 23 || minutes > 59) good_ = false;
        return std::chrono::hours(hours) + std::chrono::minutes(minutes);
    }

    /// A leap second counts as the second before it.
    std::chrono::seconds seconds() {
        const int seconds = digits(2);
        if (seconds > 60) good_ = false;
        return std::chrono::seconds(std::min(seconds, 59));
    }

    /// `08:49:37`.
    std::chrono::seconds clock() {
        const std::chrono::seconds minutes = hours_and_minutes();
        literal(":");
        return minutes + seconds();
    }

    /// `123456`; more than six digits are cut.
    std::chrono::microseconds fraction() {
        std::chrono::microseconds sum{0};
        if (rest_.empty() || !is_digit(rest_.front())) good_ = false;
        for (int unit = 100'000; good_ && !rest_.empty() && is_digit(rest_.front()); unit /= 10)
            sum += std::chrono::microseconds(unit * digits(1));
        return sum;
    }

    /// `+0100`, `+01:00` or `Z`: how far to the east of UTC.
    std::chrono::seconds zone() {
        if (take('Z')) return std::chrono::seconds(0);
        const bool west = rest_.starts_with('-');
        if (!west) literal("+");
        if (west) literal("-");
        const int hours = digits(2);
        take(':');
        const int minutes = digits(2);
        if (hours > 23 || minutes > 59) good_ = false;
        const std::chrono::seconds offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
        return west ? -offset : offset;
    }

  private:
    std::string_view rest_;
    bool good_ = true;
};

}  // namespace basehttp
