// Numbers as text, without the cost of a formatting library.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <string>

namespace basehttp {

/// Appends the digits of `number`, in lower case where `base` has letters, with zeros in front of them up to `least`.
template <typename Number>
void append_padded(std::string& out, Number number, std::size_t least, int base = 10) {
    std::array<char, 24> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    if (count < least) out.append(least - count, '0');
    out.append(digits.data(), count);
}

/// The same, without zeros.
template <typename Number>
void append_number(std::string& out, Number number, int base = 10) {
    append_padded(out, number, 0, base);
}

}  // namespace basehttp
