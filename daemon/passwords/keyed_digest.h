// KeyedDigest: what stands for a secret that is to be recognised later and not kept: SipHash-2-4 with 128 bits
// (https://www.aumasson.jp/siphash/siphash.pdf). The key is drawn anew for each object, so that nobody can find
// another text with the same digest. A plain value.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace basehttpd {

class KeyedDigest {
  public:
    using Key = std::array<std::uint64_t, 2>;
    using Digest = std::array<std::uint64_t, 2>;

    KeyedDigest();  ///< with a key of its own
    explicit KeyedDigest(const Key& key) : key_(key) {}

    Digest operator()(std::string_view text) const;

  private:
    Key key_;
};

}  // namespace basehttpd
