// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace basehttp {

/// Bytes, as `1023 B`, `1.5 KiB` or `999.9 MiB`: nine characters at the most.
std::string human_size(std::uint64_t bytes);

/// `9 999 999`.
std::string in_groups(std::uint64_t number);

}  // namespace basehttp
