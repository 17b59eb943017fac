// Range requests (RFC 9110, section 14): which bytes of a representation a Range field asks for. Pure.
//
//     Range     = "bytes" "=" 1#( int-range / suffix-range )
//     int-range = first-pos "-" [ last-pos ]        suffix-range = "-" suffix-length
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace basehttp {

/// `length` bytes, at least one, from `first` on.
struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t length = 0;

    bool operator==(const ByteRange&) const = default;
};

/// A field with more ranges than this is ignored: nobody needs so many, and each costs a part (section 17.15).
inline constexpr std::size_t kMostRanges = 16;

class RangeSet {
  public:
    enum class Kind : std::uint8_t {
        ignored,          ///< not understood, malformed or excessive: the whole representation is sent
        satisfiable,      ///< 206
        not_satisfiable,  ///< 416
    };

    /// What `field`, the value of Range, asks of a representation of `size` bytes. Ranges that overlap, or that are
    /// so near each other that a part of their own would cost more than the gap, are made one; the order in which
    /// they were asked for is kept.
    static RangeSet parse(std::string_view field, std::uint64_t size);

    Kind kind() const { return kind_; }

    /// The ranges of a satisfiable set: one at least.
    std::span<const ByteRange> ranges() const { return {ranges_.data(), count_}; }

  private:
    enum class Spec : std::uint8_t { bad, beyond, whole, good };
    static Spec parse_spec(std::string_view spec, std::uint64_t size, ByteRange& range);
    void add(ByteRange range);

    Kind kind_ = Kind::ignored;
    std::array<ByteRange, kMostRanges> ranges_{};
    std::size_t count_ = 0;
};

/// Appends `bytes 0-499/1234`.
void append_content_range(std::string& out, const ByteRange& range, std::uint64_t size);

/// Appends `bytes */1234`, as 416 carries it.
void append_unsatisfied_range(std::string& out, std::uint64_t size);

}  // namespace basehttp
