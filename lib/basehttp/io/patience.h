// Patience: for how long a slow peer is still waited for. Waiting uses it up; bytes that move give it back.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace basehttp {

class Patience {
  public:
    /// A peer from which nothing comes is waited for `most`. A byte gives back what it takes at `rate` bytes a
    /// second, so that one that is slower than that in the long run is given up, however it spreads its bytes. Rate
    /// 0: any byte gives back all. Both are read when they are needed and must outlive this.
    Patience(const std::chrono::milliseconds& most, const std::uint64_t& rate) : most_(most), rate_(rate) {}

    /// All of it again, for another transfer.
    void restore() { spent_ = {}; }

    void waited(std::chrono::nanoseconds time) {
        if (rate_ != 0) spent_ += time;
    }

    void moved(std::uint64_t bytes) {
        if (spent_.count() == 0) return;
        const std::chrono::seconds whole(bytes / rate_);
        if (whole >= std::chrono::ceil<std::chrono::seconds>(spent_)) return restore();
        const std::chrono::nanoseconds rest(bytes % rate_ * std::nano::den / rate_);
        spent_ -= std::min(spent_, whole + rest);
    }

    /// How long the next wait may be: rounded up to a sixteenth of all, since timers are kept by their length. 0: it
    /// is used up.
    std::chrono::milliseconds left() const {
        if (spent_.count() == 0) return most_;
        const std::chrono::milliseconds step = std::max(most_ / 16, std::chrono::milliseconds(1));
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(most_ - spent_);
        return left.count() <= 0 ? std::chrono::milliseconds(0)
                                 : std::min(most_, (left + step - std::chrono::milliseconds(1)) / step * step);
    }

  private:
    const std::chrono::milliseconds& most_;
    const std::uint64_t& rate_;
    std::chrono::nanoseconds spent_{};
};

}  // namespace basehttp
