// Sizes, durations and counts as people write them elsewhere: `10 MB`, `1.5M`, `1e6`, `1h30m`, `2 days`. What they
// are in our notation is what a message suggests; none of them is taken as it is. Pure functions. Master only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace basehttpd {

std::optional<std::uint64_t> read_loose_size(std::string_view text);
std::optional<std::chrono::milliseconds> read_loose_duration(std::string_view text);
std::optional<std::uint64_t> read_loose_count(std::string_view text);

}  // namespace basehttpd
