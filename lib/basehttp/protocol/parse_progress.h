// ParseProgress: what a parser says of a head that is not refused.
#pragma once

#include <cstdint>

namespace basehttp {

enum class ParseProgress : std::uint8_t { need_more, complete };

}  // namespace basehttp
