// The names of the tables of keys, for headers that declare one; see config_key.h.
#pragma once

#include <span>

namespace basehttpd {

template <typename Owner>
struct Key;

/// The table of a struct's keys.
template <typename Owner>
using KeyTable = std::span<const Key<Owner>>;

}  // namespace basehttpd
