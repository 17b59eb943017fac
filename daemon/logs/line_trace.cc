#include "daemon/logs/line_trace.h"

#include <new>

namespace basehttpd {

LineTrace& LineTrace::make(std::byte* memory) {
    return *new (memory) LineTrace;
}

// An earlier logger that died between begin() and add() has counted nothing of what is staged.
void LineTrace::begin(std::size_t staged) {
    const std::uint64_t state = state_.load(std::memory_order_relaxed);
    const std::uint64_t gone = (state >> 1U) - ((state & 1U) != 0 ? 0 : staged);
    state_.store(gone << 1U | 1U, std::memory_order_release);
}

void LineTrace::add(std::string_view bytes) {
    const std::uint64_t begin = laid_out();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::uint64_t position = (begin + i) % kSpan;
        const auto bit = static_cast<std::uint8_t>(1U << (position % 8));
        std::atomic<std::uint8_t>& byte = ends_[position / 8];
        const std::uint8_t before = byte.load(std::memory_order_relaxed);
        byte.store(static_cast<std::uint8_t>(bytes[i] == '\n' ? before | bit : before & ~bit),
                   std::memory_order_relaxed);
    }
    state_.store((begin + bytes.size()) << 1U, std::memory_order_release);
}

std::optional<std::size_t> LineTrace::rest_of_line(std::size_t staged, std::size_t unread) const {
    const std::uint64_t state = state_.load(std::memory_order_acquire);
    if ((state & 1U) != 0) return std::nullopt;
    const std::uint64_t all = state >> 1U;
    if (all <= staged + unread || unread > kSpan) return 0;
    std::uint64_t position = all - staged - unread - 1;  // of the last byte that was read
    std::size_t rest = 0;
    while (rest < unread && !ends_at(position + rest))
        ++rest;
    return rest;
}

bool LineTrace::ends_at(std::uint64_t position) const {
    return (ends_[position % kSpan / 8].load(std::memory_order_relaxed) >> (position % 8) & 1U) != 0;
}

}  // namespace basehttpd
