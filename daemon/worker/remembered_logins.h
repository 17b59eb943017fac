// RememberedLogins: the names and passwords that were right a moment ago, so that a page of fifty files hashes once.
// What is kept of them is a keyed digest. Part of a BasicAuthentication.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <string_view>

#include "daemon/passwords/keyed_digest.h"

namespace basehttpd {

class RememberedLogins {
  public:
    using Digest = KeyedDigest::Digest;
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::minutes kTime{5};
    static constexpr std::size_t kMost = 1024;

    /// What stands for a name and a password here.
    Digest digest_of(std::string_view user, std::string_view password) const;

    /// A number for `user` that nobody can foresee.
    std::uint64_t number_of(std::string_view user) const { return digest_(user)[0]; }

    bool knows(const Digest& login, Time now) const;

    /// Remembers it until kTime after now. The oldest one is forgotten where there are too many.
    void add(const Digest& login, Time now);

    void clear();

  private:
    KeyedDigest digest_;
    std::map<Digest, Time> ends_;
    std::list<Digest> in_order_;
};

}  // namespace basehttpd
