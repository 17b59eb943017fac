// Random: the only source of chance in a simulation. The same seed gives the same numbers on every machine, which the
// standard library's distributions do not promise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simulation {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// splitmix64.
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31U);
    }

    /// From 0 to `limit` - 1.
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }

    /// Both ends included.
    std::int64_t between(std::int64_t least, std::int64_t most) {
        return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least) + 1));
    }

    /// True `times` in `of`.
    bool chance(std::uint64_t times, std::uint64_t of) { return times != 0 && below(of) < times; }

    /// Small numbers are as likely as large ones: each power of two up to `most` has the same share.
    std::uint64_t of_any_size(std::uint64_t most) {
        std::uint64_t bits = 0;
        while (bits < 63 && (std::uint64_t{1} << bits) <= most)
            ++bits;
        const std::uint64_t value = next() & ((std::uint64_t{1} << below(bits + 1)) - 1);
        return value < most ? value : most;
    }

  private:
    std::uint64_t state_;
};

}  // namespace simulation
