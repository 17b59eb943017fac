// Numbers as text, without the cost of a formatting library.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>

namespace basehttp {

/// Appends the digits of `number`, in lower case where `base` has letters.
template <typename Number>
void append_number(std::string& out, Number number, int base = 10) {
    std::array<char, 24> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

/// The same, with zeros in front of it up to `digits`.
template <typename Number>
void append_padded(std::string& out, Number number, std::size_t digits) {
    const std::size_t start = out.size();
    append_number(out, number);
    out.insert(start, digits - std::min(digits, out.size() - start), '0');
}

}  // namespace basehttp
