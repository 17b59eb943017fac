// HeavyHitters: how often each of many texts occurs, in bounded memory. Exact as long as the texts fit, which is the
// usual case; past that the rarest are forgotten, and what is told of the others is right to within error().
//
// When the table is full, the count of the entry in the middle is taken off all of them and those left with nothing
// are dropped (Misra and Gries 1982, in batches): a text that makes up a large share can never be lost. Owned by a
// Summary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/logs/counts/keyed_hash.h"

namespace basehttpd {

class HeavyHitters {
  public:
    struct Bounds {
        std::size_t entries = 256 * 1024;
        std::size_t bytes = 32 * 1024 * 1024;  ///< of texts
    };
    struct Hit {
        std::string_view text;
        std::uint64_t count;  ///< what is known to be; the truth may be larger by error()
        std::uint64_t bytes;  ///< sum of the weights that were added with it
    };

    explicit HeavyHitters(Bounds bounds);
    HeavyHitters() : HeavyHitters(Bounds{}) {}

    /// A text longer than a kilobyte counts by how it begins.
    void add(std::string_view text, std::uint64_t weight);

    /// The most frequent, the first one first; of the same count in order of their texts. Valid until the next add().
    std::vector<Hit> top(std::size_t count) const;

    std::size_t distinct() const { return used_; }
    std::uint64_t error() const { return error_; }  ///< 0: all counts are exact

  private:
    struct Entry {
        std::uint64_t hash = 0;
        std::uint64_t count = 0;  // 0: free
        std::uint64_t weight = 0;
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
    };

    std::string_view text_of(const Entry& entry) const { return {texts_.data() + entry.offset, entry.size}; }
    std::size_t find(std::uint64_t hash, std::string_view text) const;
    void rebuild(std::size_t slots, std::uint64_t taken_off);
    void forget_rarest();

    KeyedHash hash_;
    Bounds bounds_;
    std::vector<Entry> table_;  // open addressing; its size is a power of two
    std::string texts_;
    std::size_t used_ = 0;
    std::uint64_t error_ = 0;
};

}  // namespace basehttpd
