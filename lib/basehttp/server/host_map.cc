#include "basehttp/server/host_map.h"

#include <algorithm>
#include <cstdint>

#include "basehttp/text/ascii.h"

namespace basehttp {

// FNV-1a: names are short, and a client cannot choose those that are in the map.
std::size_t HostMap::Hash::operator()(std::string_view name) const {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(to_lower(c))) * 0x100'0000'01b3;
    return hash;
}

bool HostMap::Equal::operator()(std::string_view a, std::string_view b) const {
    return equals_ignoring_case(a, b);
}

void HostMap::add(const std::string& host, const Site& site) {
    by_name_.emplace(host, &site);
    longest_name_ = std::max(longest_name_, host.size());
    if (!host.starts_with("*.")) return;
    by_suffix_.emplace(host.substr(1), &site);
    longest_suffix_ = std::max(longest_suffix_, host.size() - 1);
}

// Only what is short enough is hashed: the name may be as long as a request's head, and all of it dots.
const Site* HostMap::find(std::string_view name) const {
    if (name.size() <= longest_name_) {
        if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
    }
    if (by_suffix_.empty() || name.empty()) return nullptr;
    const std::size_t first = std::max(name.size(), longest_suffix_ + 1) - longest_suffix_;
    for (std::size_t dot = name.find('.', first); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
        if (const auto found = by_suffix_.find(name.substr(dot)); found != by_suffix_.end()) return found->second;
    }
    return nullptr;
}

}  // namespace basehttp
