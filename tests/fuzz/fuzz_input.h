// What the fuzz targets share: an assertion that stays in every build, and cuts taken from the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

/// Stops the run with a finding where `claim` does not hold.
#define REQUIRE_THAT(claim)                                                                 \
    do {                                                                                    \
        if (!(claim)) {                                                                     \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim); \
            std::abort();                                                                   \
        }                                                                                   \
    } while (false)

namespace fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Takes one byte off the front of `text`, or 0 where there is none.
inline unsigned take_byte(std::string_view& text) {
    if (text.empty()) return 0;
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    return byte;
}

/// A row of pseudo-random numbers from a seed, so that a finding can be had again.
class Numbers {
  public:
    explicit Numbers(unsigned seed) : state_(seed * 2654435761U + 1) {}

    /// From 0 to `most`, small ones more often.
    std::size_t next(std::size_t most) {
        state_ = state_ * 1664525U + 1013904223U;
        const unsigned drawn = state_ >> 8U;
        const std::size_t bound = (drawn & 3U) == 0 ? most : most < 3 ? most : 3;
        return (drawn >> 2U) % (bound + 1);
    }

  private:
    unsigned state_;
};

/// A copy of `text` in memory of exactly its size, so that the address sanitizer sees a read past its end.
class ExactCopy {
  public:
    explicit ExactCopy(std::string_view text) : size_(text.size()), bytes_(new char[text.size()]) {
        text.copy(bytes_.get(), size_);
    }
    std::string_view text() const { return {bytes_.get(), size_}; }

  private:
    std::size_t size_;
    std::unique_ptr<char[]> bytes_;
};

}  // namespace fuzz
