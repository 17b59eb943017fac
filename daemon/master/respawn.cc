#include "daemon/master/respawn.h"

#include <algorithm>
#include <utility>

namespace basehttpd {

using std::chrono::milliseconds;

milliseconds Respawn::delay() const {
    constexpr milliseconds kFirst{100};
    constexpr unsigned kMostDoublings = 9;
    if (young_deaths_ < 2) return milliseconds::zero();
    return std::min(longest_, kFirst * (1U << std::min(young_deaths_ - 2, kMostDoublings)));
}

void Respawn::schedule(milliseconds delay) {
    timer_ = processes_.after(delay, [this] { start_(); });
}

bool Respawn::retry() {
    constexpr milliseconds kPause{500};
    schedule(kPause);
    return !std::exchange(refused_, true);
}

}  // namespace basehttpd
