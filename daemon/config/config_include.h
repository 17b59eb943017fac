// IncludeResolver: which files the patterns of `include` mean. Lives while the configuration is read. Master only.
#pragma once

#include <expected>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config_value.h"

namespace basehttpd {

class IncludeResolver {
  public:
    /// `main_file` is the one that includes; it cannot include itself.
    explicit IncludeResolver(const std::string& main_file);

    /// The files that match `pattern` (glob(7), absolute), sorted, without those that an earlier pattern matched.
    /// None is fine, unless the pattern is a plain name: that file has to be there.
    std::expected<std::vector<std::string>, ValueProblem> resolve(const std::string& pattern);

  private:
    using Identity = std::pair<std::uint64_t, std::uint64_t>;  // device and inode

    Identity main_file_;
    std::set<Identity> seen_;
};

}  // namespace basehttpd
