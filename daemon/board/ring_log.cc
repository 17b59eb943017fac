#include "daemon/board/ring_log.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace basehttpd {

using basehttp::RecordKind;

RingLog::RingLog(basehttp::LogRing& ring, int wake_fd, std::chrono::milliseconds longest_wait)
    : ring_(ring), wake_fd_(wake_fd), longest_wait_(longest_wait) {}

void RingLog::access(const basehttp::AccessRecord& record) {
    put(record, RecordKind::access);
}

void RingLog::error(const basehttp::ErrorRecord& record) {
    put(record, RecordKind::error);
}

template <typename Record>
void RingLog::put(const Record& record, RecordKind kind) {
    const std::size_t size = encoded_size(record);
    auto room = ring_.reserve(size);
    if (!room) room = wait_for_room(size);
    losing_ = !room;
    if (!room) {
        ring_.count_lost(kind);
        return;
    }
    encode_record(record, *room);
    ring_.publish(kind);
    wake_logger();
}

std::optional<std::span<std::byte>> RingLog::wait_for_room(std::size_t size) {
    constexpr timespec kNap{0, 1'000'000};
    const auto deadline = std::chrono::steady_clock::now() + longest_wait_;
    while (!losing_ && std::chrono::steady_clock::now() < deadline) {
        wake_logger();
        ::nanosleep(&kNap, nullptr);
        if (auto room = ring_.reserve(size)) return room;
    }
    return std::nullopt;
}

// Once each time: a busy logger looks by itself, but not before twenty times a second.
bool RingLog::has_become_half_full() {
    const bool before = half_full_;
    half_full_ = ring_.written() - ring_.released() > basehttp::LogRing::kCapacity / 2;
    return half_full_ && !before;
}

void RingLog::wake_logger() {
    // Both have to be asked.
    const bool sleeps = ring_.take_sleep_mark();
    if (!has_become_half_full() && !sleeps) return;
    const std::uint64_t one = 1;
    // It fails only where the counter is at its end, and then the logger is awake.
    [[maybe_unused]] const ssize_t written = ::write(wake_fd_, &one, sizeof one);
}

}  // namespace basehttpd
