// Version: the protocol version of a message, compared as two numbers: 2.4 is lower than 2.13.
#pragma once

#include <compare>
#include <cstdint>

namespace basehttp {

struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;

    friend constexpr auto operator<=>(const Version&, const Version&) = default;
};

inline constexpr Version kHttp09{0, 9};
inline constexpr Version kHttp10{1, 0};
inline constexpr Version kHttp11{1, 1};

}  // namespace basehttp
