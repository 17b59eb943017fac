// HostMap: sites by the names of their hosts. Finding one takes a look-up for the name and one for each of its
// labels, however many sites there are. Part of a Router.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace basehttp {

struct Site;

class HostMap {
  public:
    /// `host` is a name, or `*.example.org` for all names below it. The first site of a name keeps it.
    void add(const std::string& host, const Site& site);

    /// The site of that name, else the one with the longest wildcard; nullptr: there is none. Case does not matter.
    const Site* find(std::string_view name) const;

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const;
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(std::string_view a, std::string_view b) const;
    };
    using Sites = std::unordered_map<std::string, const Site*, Hash, Equal>;

    Sites by_name_;
    Sites by_suffix_;  // `.example.org`
    std::size_t longest_name_ = 0;
    std::size_t longest_suffix_ = 0;
};

}  // namespace basehttp
