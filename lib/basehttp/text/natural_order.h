// natural_less(): names in the order in which a reader looks for them: `file9` before `file10`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "basehttp/text/ascii.h"

namespace basehttp {

namespace natural_order_detail {

// Cuts a run of digits off the front of `text`, and returns it without its leading zeros.
constexpr std::string_view take_number(std::string_view& text) {
    const auto* const end = std::ranges::find_if_not(text, is_digit);
    std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(number.size());
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

// How much of both names can be passed over: what they share, without a run of digits that may go on.
constexpr std::size_t shared_length(std::string_view a, std::string_view b) {
    const char* const left = a.data();
    const char* const right = b.data();
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t shared = 0;
    while (shared < most && left[shared] == right[shared])
        ++shared;
    while (shared > 0 && is_digit(left[shared - 1]))
        --shared;
    return shared;
}

}  // namespace natural_order_detail

/// Whether `a` stands before `b`: bytewise, but with runs of ASCII digits compared as numbers, whatever their size.
/// A strict total order: names that differ in leading zeros alone are compared bytewise.
constexpr bool natural_less(std::string_view a, std::string_view b) {
    const std::size_t shared = natural_order_detail::shared_length(a, b);
    std::string_view left = a.substr(shared);
    std::string_view right = b.substr(shared);
    while (!left.empty() && !right.empty()) {
        if (is_digit(left.front()) && is_digit(right.front())) {
            const std::string_view number = natural_order_detail::take_number(left);
            const std::string_view other = natural_order_detail::take_number(right);
            if (number.size() != other.size()) return number.size() < other.size();
            if (number != other) return number < other;
        } else if (left.front() != right.front()) {
            return static_cast<unsigned char>(left.front()) < static_cast<unsigned char>(right.front());
        } else {
            left.remove_prefix(1);
            right.remove_prefix(1);
        }
    }
    if (left.empty() != right.empty()) return left.empty();
    return a < b;
}

}  // namespace basehttp
