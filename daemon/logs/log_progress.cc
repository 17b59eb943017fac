#include "daemon/logs/log_progress.h"

#include <cstring>
#include <type_traits>

namespace basehttpd {

static_assert(std::is_trivially_copyable_v<LogProgress::Ring> && std::is_trivially_copyable_v<RepeatFolder>);

std::byte* LogProgress::state(unsigned version, std::size_t slots) const {
    const std::size_t size = slots * sizeof(Ring) + sizeof(RepeatFolder);
    return const_cast<std::byte*>(reinterpret_cast<const std::byte*>(this + 1)) + version * size;
}

void LogProgress::load(std::span<Ring> rings, RepeatFolder& folder) const {
    const std::byte* from = state(version(), rings.size());
    std::memcpy(rings.data(), from, rings.size_bytes());
    std::memcpy(static_cast<void*>(&folder), from + rings.size_bytes(), sizeof folder);
}

void LogProgress::prepare(std::span<const Ring> rings, const RepeatFolder& folder) {
    std::byte* to = state(next_version(), rings.size());
    std::memcpy(to, rings.data(), rings.size_bytes());
    std::memcpy(to + rings.size_bytes(), static_cast<const void*>(&folder), sizeof folder);
}

}  // namespace basehttpd
