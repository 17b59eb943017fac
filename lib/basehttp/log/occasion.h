// Occasion: when to log what happens often: once, and then once in a while with how often it has happened.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace basehttp {

class Occasion {
  public:
    explicit Occasion(std::chrono::steady_clock::duration pause = std::chrono::minutes(1)) : pause_(pause) {}

    /// Counts one more. How many there were since the last line, where another is due.
    std::optional<std::uint64_t> count(std::chrono::steady_clock::time_point now) {
        ++since_last_;
        if (last_ && now - *last_ < pause_) return std::nullopt;
        last_ = now;
        return std::exchange(since_last_, 0);
    }

  private:
    std::chrono::steady_clock::duration pause_;
    std::optional<std::chrono::steady_clock::time_point> last_;
    std::uint64_t since_last_ = 0;
};

}  // namespace basehttp
