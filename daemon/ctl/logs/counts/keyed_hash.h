// KeyedHash: a fast hash of texts that others chose. Its key is drawn anew for each run, so that nobody can write
// texts into a log that all have one hash: std::hash has known ones, and 65 536 of them kept a summary busy for a
// minute. A plain value.
#pragma once

#include <cstdint>
#include <string_view>

namespace basehttpd {

class KeyedHash {
  public:
    KeyedHash();

    std::uint64_t operator()(std::string_view text) const;

  private:
    std::uint64_t start_;
    std::uint64_t factor_;
};

}  // namespace basehttpd
