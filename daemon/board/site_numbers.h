// SiteNumbers: by which numbers sites are counted, whatever reloads do to their order. The master gives them out, and
// each worker has those that there were when it was forked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

class SiteNumbers {
  public:
    /// The last number is for all sites beyond the others.
    static constexpr std::size_t kMost = 64;
    static constexpr std::string_view kOthers = "(others)";

    /// Gives the site of that name a number, unless it has one.
    void add(std::string_view name) {
        if (find(name) == names_.size() && names_.size() + 1 < kMost) names_.emplace_back(name);
    }

    /// The number of a site: one of its own, or that of all others.
    std::size_t of(std::string_view name) const {
        const std::size_t found = find(name);
        return found < names_.size() ? found : kMost - 1;
    }

    /// Those with a number of their own, in order.
    const std::vector<std::string>& names() const { return names_; }

  private:
    std::size_t find(std::string_view name) const {
        return static_cast<std::size_t>(std::ranges::find(names_, name) - names_.begin());
    }

    std::vector<std::string> names_;
};

}  // namespace basehttpd
