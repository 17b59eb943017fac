#include "daemon/board/bulletin.h"

#include <cstring>
#include <type_traits>

namespace basehttpd {

static_assert(std::is_trivially_copyable_v<StatusFacts>);
static_assert(sizeof(StatusFacts) % sizeof(std::uint64_t) == 0);

void Bulletin::write(const StatusFacts& facts) {
    const std::uint64_t version = version_.load(std::memory_order_relaxed);
    version_.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    const auto* bytes = reinterpret_cast<const char*>(&facts);
    for (std::size_t i = 0; i < kWords; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i * sizeof word, sizeof word);
        words_[i].store(word, std::memory_order_relaxed);
    }
    version_.store(version + 2, std::memory_order_release);
}

std::unique_ptr<StatusFacts> Bulletin::read() const {
    constexpr int kTries = 100;
    auto facts = std::make_unique<StatusFacts>();
    auto* bytes = reinterpret_cast<char*>(facts.get());
    for (int i = 0; i < kTries; ++i) {
        const std::uint64_t version = version_.load(std::memory_order_acquire);
        if (version == 0) return nullptr;
        for (std::size_t word = 0; word < kWords; ++word) {
            const std::uint64_t value = words_[word].load(std::memory_order_relaxed);
            std::memcpy(bytes + word * sizeof value, &value, sizeof value);
        }
        std::atomic_thread_fence(std::memory_order_acquire);
        if (version % 2 == 0 && version_.load(std::memory_order_relaxed) == version) return facts;
    }
    return nullptr;
}

}  // namespace basehttpd
