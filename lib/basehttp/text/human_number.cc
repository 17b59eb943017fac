#include "basehttp/text/human_number.h"

#include <array>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

namespace basehttp {

std::string human_size(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    constexpr double kLeastShownAsThousand = 999.95;
    if (bytes < 1024) return fmt::format("{} B", bytes);
    auto amount = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; amount >= kLeastShownAsThousand && unit + 1 < kUnits.size(); ++unit)
        amount /= 1024;
    return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string in_groups(std::uint64_t number) {
    std::string digits = fmt::to_string(number);
    for (std::size_t at = digits.size(); at > 3;)
        digits.insert(at -= 3, 1, ' ');
    return digits;
}

}  // namespace basehttp
